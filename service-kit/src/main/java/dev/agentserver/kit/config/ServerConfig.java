package dev.agentserver.kit.config;

import java.time.Duration;
import java.util.Map;

/// How a service listens and what it bounds.
///
/// @param name the service's name in logs and metrics
/// @param port the gRPC port; 0 takes a free one
/// @param adminPort the port of metrics and health over HTTP; 0 takes a free one
/// @param maxConcurrentCalls the unary calls that are handled at once; the rest waits shortly and
/// is then refused
/// @param maxOpenStreams the streams that are open at once; more are refused
/// @param defaultDeadline what a call without a deadline gets
/// @param maxDeadline the most a unary call may ask for; longer deadlines are cut to it
/// @param drainTimeout how long running calls may finish in when the process stops
/// @param streamHeartbeat how often an open stream says that it is alive, and asks again
/// whether its caller may still read it
/// @param streamTokenGrace how long an open stream may outlive its caller's token
/// @param streamStall how long a client that has messages to send by a stream may send none
public record ServerConfig(
    String name,
    Profile profile,
    String host,
    int port,
    int adminPort,
    int maxInboundMessageBytes,
    int maxConcurrentCalls,
    int maxOpenStreams,
    Duration defaultDeadline,
    Duration maxDeadline,
    Duration drainTimeout,
    Duration streamHeartbeat,
    Duration streamTokenGrace,
    Duration streamStall) {
  private static final int MEBIBYTE = 1024 * 1024;

  /// Reads HOST, PORT, ADMIN_PORT, MAX_INBOUND_MESSAGE_BYTES, MAX_CONCURRENT_CALLS,
  /// DEFAULT_DEADLINE, MAX_DEADLINE, DRAIN_TIMEOUT, STREAM_HEARTBEAT, STREAM_TOKEN_GRACE and
  /// STREAM_STALL. The development profile listens on the loopback interface only.
  public static ServerConfig from(Environment environment, String name, int defaultPort) {
    Safety.require(environment, ServiceSafety::server);
    var profile = Profile.from(environment);
    return new ServerConfig(
        name,
        profile,
        environment.text("HOST", profile == Profile.DEV ? "127.0.0.1" : "0.0.0.0"),
        environment.integer("PORT", defaultPort, 0, 65_535),
        environment.integer("ADMIN_PORT", 8081, 0, 65_535),
        environment.integer("MAX_INBOUND_MESSAGE_BYTES", 8 * MEBIBYTE, 1024, 256 * MEBIBYTE),
        environment.integer("MAX_CONCURRENT_CALLS", 256, 1, 100_000),
        environment.integer("MAX_OPEN_STREAMS", 10_000, 1, 1_000_000),
        environment.duration("DEFAULT_DEADLINE", Duration.ofSeconds(30)),
        environment.duration("MAX_DEADLINE", Duration.ofMinutes(5)),
        environment.duration("DRAIN_TIMEOUT", Duration.ofSeconds(20)),
        heartbeat(environment),
        environment.duration("STREAM_TOKEN_GRACE", Duration.ofHours(1)),
        environment.duration("STREAM_STALL", Duration.ofMinutes(30)));
  }

  /// A stream without a pause between heartbeats would say nothing else.
  private static Duration heartbeat(Environment environment) {
    var heartbeat = environment.duration("STREAM_HEARTBEAT", Duration.ofSeconds(15));
    if (heartbeat.isZero()) {
      throw new IllegalArgumentException("STREAM_HEARTBEAT is 0; it may be 1ms or more");
    }
    return heartbeat;
  }

  /// A server on free loopback ports, for tests and for processes that hold several services.
  public static ServerConfig local(String name) {
    return from(Environment.of(Map.of("PORT", "0", "ADMIN_PORT", "0")), name, 0);
  }

  /// The same on another gRPC port.
  public ServerConfig withPort(int other) {
    return new ServerConfig(
        name,
        profile,
        host,
        other,
        adminPort,
        maxInboundMessageBytes,
        maxConcurrentCalls,
        maxOpenStreams,
        defaultDeadline,
        maxDeadline,
        drainTimeout,
        streamHeartbeat,
        streamTokenGrace,
        streamStall);
  }
}
