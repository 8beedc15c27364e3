package dev.agentserver.kit.db;

import io.grpc.Context;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// The deadline of the call that this thread serves, if it serves one.
final class CallDeadline {
  private CallDeadline() {}

  /// The shorter of `patience` and what is left of the call; zero when nothing is left.
  static Duration within(Duration patience) {
    var deadline = Context.current().getDeadline();
    if (deadline == null) {
      return patience;
    }
    var left = Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
    return left.compareTo(patience) < 0 ? left : patience;
  }

  /// The seconds left, rounded up, as JDBC counts them; 0 when the deadline has passed; empty
  /// without a deadline: the role's own statement_timeout then holds.
  static OptionalInt seconds() {
    var deadline = Context.current().getDeadline();
    if (deadline == null) {
      return OptionalInt.empty();
    }
    var left = deadline.timeRemaining(TimeUnit.MILLISECONDS);
    return OptionalInt.of(left <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, 1 + (left - 1) / 1000));
  }
}
