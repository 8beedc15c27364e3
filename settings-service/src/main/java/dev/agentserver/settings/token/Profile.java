package dev.agentserver.settings.token;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A user, as they see themselves.
record Profile(
    UUID userId,
    String kind,
    @Nullable String email,
    String name,
    String state,
    @Nullable String externalIssuer,
    @Nullable String externalSubject,
    @Nullable Instant lastLoginAt,
    long version,
    Instant createdAt,
    Instant updatedAt,
    List<String> roles,
    String organization) {}
