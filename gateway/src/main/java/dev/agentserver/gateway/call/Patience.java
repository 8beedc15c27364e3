package dev.agentserver.gateway.call;

import dev.agentserver.gateway.contract.Method;
import java.time.Duration;
import java.util.Optional;

/// How long a call may take: a stream as long as it likes, a long poll a minute longer than
/// anything else, because it may wait that long before it does anything.
///
/// @param unary what an ordinary call gets whose client does not say
/// @param longest the most that a client may ask for it
public record Patience(Duration unary, Duration longest) {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  Optional<Duration> with(Method method) {
    if (!method.isUnary()) {
      return Optional.empty();
    }
    return Optional.of(method.isLongPoll() ? unary.plus(LONGEST_WAIT) : unary);
  }

  Duration with(Method method, Duration asked) {
    var most = method.isLongPoll() ? longest.plus(LONGEST_WAIT) : longest;
    return method.isUnary() && asked.compareTo(most) > 0 ? most : asked;
  }
}
