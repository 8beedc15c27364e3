package dev.agentserver.gateway.call;

import dev.agentserver.gateway.contract.Method;
import java.time.Duration;
import java.util.Optional;

/// How long a call may take whose client does not say: a stream as long as it likes, a long poll a
/// minute longer than anything else, because it may wait that long before it does anything.
///
/// @param unary what an ordinary call gets
public record Patience(Duration unary) {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  Optional<Duration> with(Method method) {
    if (!method.isUnary()) {
      return Optional.empty();
    }
    return Optional.of(method.isLongPoll() ? unary.plus(LONGEST_WAIT) : unary);
  }
}
