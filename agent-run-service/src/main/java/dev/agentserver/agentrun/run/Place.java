package dev.agentserver.agentrun.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A run, and what is locked before it by whoever may end it: first its session, then what it
/// excludes others about. Neither ever changes.
///
/// @param sessionId null: it is part of none
/// @param concurrencyKey null: it excludes nobody
record Place(UUID tenantId, UUID runId, @Nullable UUID sessionId, @Nullable UUID concurrencyKey) {
  static Place of(Run run) {
    return new Place(run.tenantId(), run.id(), run.key().sessionId(), run.terms().concurrencyKey());
  }
}
