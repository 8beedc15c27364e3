package dev.agentserver.gateway.guard;

import dev.agentserver.kit.config.Environment;
import java.time.Duration;

/// What connections may cost before anybody knows whose they are.
///
/// @param connections the most that are open at one time
/// @param streams the most requests at one time on an HTTP/2 connection
/// @param resetsPerMinute how many of them a client may take back in a minute
/// @param controlFramesPerMinute how many frames that carry nothing a connection may bring
/// @param headerTimeout how long a request's header may take from its first byte to its last
public record ConnectionLimits(
    int connections,
    int streams,
    int resetsPerMinute,
    int controlFramesPerMinute,
    Duration headerTimeout) {

  /// Reads MAX_CONNECTIONS, MAX_STREAMS_PER_CONNECTION, MAX_RESETS_PER_MINUTE,
  /// MAX_CONTROL_FRAMES_PER_MINUTE and HEADER_TIMEOUT.
  public static ConnectionLimits from(Environment environment) {
    return new ConnectionLimits(
        environment.integer("MAX_CONNECTIONS", 16_384, 1, 1_000_000),
        environment.integer("MAX_STREAMS_PER_CONNECTION", 1_000, 1, 100_000),
        environment.integer("MAX_RESETS_PER_MINUTE", 1_000, 1, 1_000_000),
        environment.integer("MAX_CONTROL_FRAMES_PER_MINUTE", 60_000, 100, 10_000_000),
        environment.duration("HEADER_TIMEOUT", Duration.ofSeconds(10)));
  }
}
