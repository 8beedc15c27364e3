package dev.agentserver.settings.key;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A key as it is kept: without its secret.
///
/// @param scopes what it may do of what its user may do; empty: all of it
record StoredKey(
    String id,
    UUID userId,
    String name,
    List<String> scopes,
    String lastFour,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt,
    Instant createdAt) {}
