package dev.agentserver.agentrun.run;

import dev.agentserver.kit.db.Database;
import java.util.List;
import java.util.UUID;

/// What runs may use of the outside world, as long as somebody holds them.
final class Grants {
  record Grant(
      UUID userId, List<String> providers, List<UUID> integrationIds, List<UUID> toolIds) {}

  private final Database database;
  private final RunStore runs;
  private final Catalogue catalogue;

  Grants(Database database, RunStore runs, Catalogue catalogue) {
    this.database = database;
    this.runs = runs;
    this.catalogue = catalogue;
  }

  /// Fails with LEASE_LOST where the lease is not the newest, or nothing was heard of its holder.
  Grant of(UUID tenantId, UUID runId, long epoch) {
    return database.read(
        db -> {
          var run = runs.find(db, tenantId, runId).orElseThrow(() -> Runs.missing(runId));
          Leases.requireLive(run, epoch);
          if (!run.progress().leaseExpiresAt().isAfter(run.readAt())) {
            throw Leases.lost(run);
          }
          var agent = run.terms().agentId();
          if (agent == null) {
            return new Grant(run.key().userId(), List.of(), List.of(), List.of());
          }
          var version = run.terms().agentVersion();
          return new Grant(
              run.key().userId(),
              catalogue.providers(db, tenantId, agent, version),
              catalogue.integrations(db, tenantId, agent, version),
              catalogue.tools(db, tenantId, agent, version));
        });
  }
}
