package dev.agentserver.benchmarks.measure;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/// What a load generator got done.
///
/// @param requests those that were answered well
/// @param failures those that were not
/// @param latency in microseconds; empty where it is not recorded
public record Done(long requests, long failures, Duration time, Histogram latency) {
  private static final int DIGITS = 3;

  public Done(long requests, long failures, Duration time) {
    this(requests, failures, time, new Histogram(DIGITS));
  }

  public Done plus(Done other) {
    return new Done(
        requests + other.requests,
        failures + other.failures,
        time.compareTo(other.time) > 0 ? time : other.time);
  }
}
