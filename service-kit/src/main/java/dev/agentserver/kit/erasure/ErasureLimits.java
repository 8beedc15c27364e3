package dev.agentserver.kit.erasure;

import java.time.Duration;

/// How an erasure takes its time.
///
/// @param lease how long after a sign of life somebody else goes on with it
/// @param late how long after it was asked for it is looked at once more: by then no token is
/// valid that a call could still have written with
/// @param idle how often one looks whether another process left something behind
/// @param retry after which a failed report is sent again the first time
/// @param longestRetry the longest pause between two tries
public record ErasureLimits(
    Duration lease, Duration late, Duration idle, Duration retry, Duration longestRetry) {
  public static ErasureLimits defaults() {
    return new ErasureLimits(
        Duration.ofSeconds(30),
        Duration.ofMinutes(15),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofMinutes(5));
  }
}
