package dev.agentserver.agentrun.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which runs are listed: those that match all of it. Null and empty match every run.
record RunFilter(
    List<RunState> states,
    @Nullable UUID agentId,
    @Nullable UUID userId,
    @Nullable UUID sessionId,
    @Nullable UUID conversationId,
    @Nullable UUID parentRunId,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    @Nullable Duration minDuration,
    @Nullable Duration maxDuration,
    @Nullable String errorReason,
    @Nullable String externalId,
    Map<String, String> metadata) {}
