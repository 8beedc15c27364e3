package dev.agentserver.settings.credential;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is to be changed.
///
/// @param value null: as it is
/// @param newExpiry whether `expiresAt` is to be set
/// @param expiresAt null: never
record CredentialEdit(@Nullable String value, boolean newExpiry, @Nullable Instant expiresAt) {}
