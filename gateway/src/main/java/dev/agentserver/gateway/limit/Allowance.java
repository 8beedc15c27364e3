package dev.agentserver.gateway.limit;

import java.time.Duration;

/// What is left of a limit.
///
/// @param perMinute the limit
/// @param remaining how many calls may follow at once
/// @param full when all of it will be there again
/// @param delay how long to wait before the next try; zero: the call may go on
public record Allowance(
    Counted counted, Scope scope, int perMinute, long remaining, Duration full, Duration delay) {
  public boolean isRefusal() {
    return !delay.isZero();
  }

  /// What limit it is, as configuration has it: `calls.key`.
  public String name() {
    return counted.text() + "." + scope.text();
  }

  /// Whether less is left, by share.
  boolean isTighterThan(Allowance other) {
    return remaining * other.perMinute < other.remaining * perMinute;
  }
}
