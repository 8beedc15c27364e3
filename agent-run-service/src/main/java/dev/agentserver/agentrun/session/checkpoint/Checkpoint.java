package dev.agentserver.agentrun.session.checkpoint;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One piece of a build.
///
/// @param completedAt null until it is complete
public record Checkpoint(
    int number,
    String title,
    String description,
    Instant createdAt,
    @Nullable Instant completedAt) {}
