package dev.agentserver.settings.masterkey;

import java.time.Instant;
import java.util.UUID;

/// How far a rewrap is.
///
/// @param keyId the master key that everything is brought under
/// @param remaining what is still to be done, failed ones included
public record Rewrap(
    UUID id,
    String keyId,
    boolean running,
    long rewrapped,
    long failed,
    long remaining,
    Instant createdAt,
    Instant updatedAt) {}
