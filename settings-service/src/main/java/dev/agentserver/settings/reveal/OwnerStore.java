package dev.agentserver.settings.reveal;

import static dev.agentserver.settings.db.Tables.INTEGRATION;
import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static dev.agentserver.settings.db.Tables.PROVIDER;
import static org.jooq.impl.DSL.select;

import dev.agentserver.settings.credential.Owner;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// Finds what has credentials.
final class OwnerStore {
  /// The tenant whose it is: the platform's providers lie beneath every tenant's own. Empty where
  /// it is not there, or not in use.
  Optional<UUID> tenantOf(DSLContext db, UUID tenantId, Owner owner) {
    return switch (owner) {
      case Owner.Provider(var id) -> ofProvider(db, tenantId, id);
      case Owner.Integration(var id) ->
          db.select(INTEGRATION.TENANT_ID)
              .from(INTEGRATION)
              .where(INTEGRATION.TENANT_ID.eq(tenantId))
              .and(INTEGRATION.ID.eq(id))
              .and(INTEGRATION.ACTIVE)
              .fetchOptional(INTEGRATION.TENANT_ID);
    };
  }

  private static Optional<UUID> ofProvider(DSLContext db, UUID tenantId, UUID id) {
    var platform = select(ORGANIZATION.TENANT_ID).from(ORGANIZATION).where(ORGANIZATION.PLATFORM);
    return db.select(PROVIDER.TENANT_ID)
        .from(PROVIDER)
        .where(PROVIDER.ID.eq(id))
        .and(PROVIDER.TENANT_ID.eq(tenantId).or(PROVIDER.TENANT_ID.in(platform)))
        .and(PROVIDER.ACTIVE)
        .orderBy(PROVIDER.TENANT_ID.eq(tenantId).desc())
        .limit(1)
        .fetchOptional(PROVIDER.TENANT_ID);
  }
}
