package dev.agentserver.agentrun.run;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A run that is about to be made, with everything decided.
///
/// @param creatorId who asked: the holder of one that executes itself
record Draft(
    RunKey key,
    UUID creatorId,
    @Nullable UUID agentId,
    int agentVersion,
    @Nullable String type,
    String queue,
    boolean selfExecute,
    @Nullable UUID concurrencyKey,
    @Nullable UUID inputMessageId,
    @Nullable UUID parentRunId,
    @Nullable UUID retryOfRunId,
    @Nullable String externalSessionId,
    @Nullable String externalId,
    Map<String, String> metadata,
    @Nullable String input,
    int maxAttempts,
    Duration timeout) {}
