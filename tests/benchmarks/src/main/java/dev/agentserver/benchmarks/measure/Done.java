package dev.agentserver.benchmarks.measure;

import java.time.Duration;

/// What a load generator got done.
///
/// @param requests those that were answered well
/// @param failures those that were not
public record Done(long requests, long failures, Duration time) {
  public Done plus(Done other) {
    return new Done(
        requests + other.requests,
        failures + other.failures,
        time.compareTo(other.time) > 0 ? time : other.time);
  }
}
