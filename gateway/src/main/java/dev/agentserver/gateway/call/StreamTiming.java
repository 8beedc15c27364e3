package dev.agentserver.gateway.call;

import java.time.Duration;

/// What is done about silence on a stream.
///
/// @param openAfter after which the client is shown that the stream is open
/// @param heartbeat after which it is shown that the stream lives
public record StreamTiming(Duration openAfter, Duration heartbeat) {}
