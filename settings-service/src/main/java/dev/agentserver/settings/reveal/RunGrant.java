package dev.agentserver.settings.reveal;

import dev.agentserver.settings.credential.Owner;
import java.util.Set;
import java.util.UUID;

/// What a run may use.
///
/// @param userId whom it acts for
record RunGrant(UUID userId, Set<UUID> providers, Set<UUID> integrations) {
  boolean names(Owner owner) {
    return switch (owner) {
      case Owner.Provider(var id) -> providers.contains(id);
      case Owner.Integration(var id) -> integrations.contains(id);
    };
  }
}
