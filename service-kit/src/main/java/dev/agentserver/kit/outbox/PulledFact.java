package dev.agentserver.kit.outbox;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A fact of another service.
///
/// @param position its place in that service's outbox
/// @param data what else its type says; numbers and booleans are text too
public record PulledFact(
    UUID id,
    long position,
    UUID tenantId,
    String type,
    String subjectId,
    Map<String, String> data,
    Instant createdAt) {}
