package dev.agentserver.settings.outbound;

import java.time.Duration;

/// What came of asking a host.
///
/// @param status of HTTP; 0: there was no answer
public record ProbeResult(Outcome outcome, int status, Duration took) {
  /// How far it got.
  public enum Outcome {
    ANSWERED,
    NOT_ALLOWED,
    UNKNOWN_HOST,
    UNREACHABLE,
    TLS_FAILED,
    TIMED_OUT,
    NOT_HTTP
  }
}
