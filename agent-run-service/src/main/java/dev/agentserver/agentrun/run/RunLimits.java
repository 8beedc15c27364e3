package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.agent.TokenLimit;
import java.time.Duration;

/// How long things of runs may take.
///
/// @param lease how long a worker counts as alive after it was heard of
/// @param grace how long a worker may take to end a run that is cancelled
/// @param timeout how long a run may take where it does not say
/// @param answer how long people may take where the run does not say
/// @param pause the longest pause before the second attempt; it doubles with each
/// @param longestPause but never beyond this
/// @param look how often those who wait look, for what other processes have done
/// @param tokens how long the answers of their agents may be
public record RunLimits(
    Duration lease,
    Duration grace,
    Duration timeout,
    Duration answer,
    Duration pause,
    Duration longestPause,
    Duration look,
    TokenLimit tokens) {
  /// How many inputs and how many interrupts at most one run takes.
  static final int MAX_INPUTS = 1_000;

  /// How many steps.
  static final int MAX_STEPS = 10_000;

  public static RunLimits defaults() {
    return new RunLimits(
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofHours(24),
        Duration.ofHours(24),
        Duration.ofSeconds(2),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        TokenLimit.NONE);
  }

  /// The same with another limit of tokens.
  public RunLimits with(TokenLimit limit) {
    return new RunLimits(lease, grace, timeout, answer, pause, longestPause, look, limit);
  }

  /// The longest pause after so many attempts.
  Duration pauseAfter(int attempts) {
    var doubled = pause.multipliedBy(1L << Math.min(attempts - 1, 20));
    return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
  }
}
