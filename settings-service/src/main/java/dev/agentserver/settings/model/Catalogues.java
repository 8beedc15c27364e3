package dev.agentserver.settings.model;

import dev.agentserver.kit.db.Database;
import dev.agentserver.settings.configuration.Platform;
import dev.agentserver.settings.model.Catalogue.Layers;
import dev.agentserver.settings.registry.TenantSnapshots;
import java.util.List;
import java.util.UUID;

/// The providers and models of tenants, in memory.
public final class Catalogues {
  private static final Catalogue NONE = Catalogue.of(List.of(), List.of());

  private final Platform platform;
  private final TenantSnapshots<Catalogue> snapshots;

  public Catalogues(Database database, Platform platform) {
    this.platform = platform;
    var providers = new ProviderStore();
    var models = new ModelStore();
    this.snapshots =
        new TenantSnapshots<>(
            database,
            (db, tenantId) -> Catalogue.of(providers.all(db, tenantId), models.all(db, tenantId)));
  }

  public TenantSnapshots<Catalogue> snapshots() {
    return snapshots;
  }

  /// The tenant's, with the platform's beneath.
  Layers of(UUID tenantId) {
    var beneath =
        platform.find().filter(other -> !other.equals(tenantId)).map(snapshots::of).orElse(NONE);
    return snapshots.of(tenantId).over(beneath);
  }
}
