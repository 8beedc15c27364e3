package dev.agentserver.agentrun.event;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event at its place in the sequence.
///
/// @param runId null: it happened to the session itself
/// @param userId whose run or session it is
/// @param bytes of what it says
public record RunEvent(
    long seq, Instant at, @Nullable UUID runId, UUID userId, int bytes, EventRow row) {}
