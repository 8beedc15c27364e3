package dev.agentserver.settings.reveal;

import java.util.Optional;
import java.util.UUID;

/// Knows what runs may use.
@FunctionalInterface
interface RunGrants {
  /// Empty where the lease is not the run's any more. Fails with Unavailable where nobody answers.
  Optional<RunGrant> find(UUID tenantId, UUID runId, long leaseEpoch);
}
