package dev.agentserver.kit.erasure;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is to be removed.
///
/// @param userId null: the whole tenant
public record Erased(UUID tenantId, UUID erasureId, @Nullable UUID userId) {}
