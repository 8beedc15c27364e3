package dev.agentserver.kit.grpc;

import io.grpc.Context;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How long a call may wait until something happens.
public final class LongPoll {
  /// An answer that comes after the deadline is none.
  private static final Duration MARGIN = Duration.ofMillis(500);

  private LongPoll() {}

  /// As long as was asked for, within the call's deadline.
  public static Duration wait(com.google.protobuf.Duration asked) {
    var wait = Duration.ofSeconds(asked.getSeconds(), asked.getNanos());
    var deadline = Context.current().getDeadline();
    if (deadline == null) {
      return wait;
    }
    var left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)).minus(MARGIN);
    return left.isNegative() ? Duration.ZERO : left.compareTo(wait) < 0 ? left : wait;
  }
}
