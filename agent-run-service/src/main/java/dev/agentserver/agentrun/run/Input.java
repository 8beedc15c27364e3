package dev.agentserver.agentrun.run;

import java.time.Instant;
import java.util.UUID;

/// Something that was sent to a run after it was created.
///
/// @param content JSON
record Input(long seq, UUID userId, String content, Instant createdAt) {}
