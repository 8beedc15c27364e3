package dev.agentserver.settings.key;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a key is to be.
///
/// @param userId the user it acts as; null: the caller
record NewKey(
    String name, @Nullable UUID userId, List<String> scopes, @Nullable Instant expiresAt) {}
