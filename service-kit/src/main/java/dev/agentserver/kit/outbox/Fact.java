package dev.agentserver.kit.outbox;

import java.time.OffsetDateTime;
import java.util.UUID;

/// Something that happened and that others may have to act on.
///
/// @param position its place in the service's outbox, from 1, without gaps
/// @param data a JSON object
record Fact(
    UUID tenantId,
    UUID id,
    long position,
    String type,
    String subjectId,
    String data,
    OffsetDateTime createdAt) {}
