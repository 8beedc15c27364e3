package dev.agentserver.settings.reveal;

import static dev.agentserver.settings.db.Tables.INTEGRATION;
import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static dev.agentserver.settings.db.Tables.PROVIDER;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.settings.credential.Owner;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.Select;

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

  /// By the name a tenant's own provider counts, and the platform's where it has none.
  Optional<String> providerName(DSLContext db, UUID tenantId, UUID id) {
    var own = PROVIDER.as("own");
    return db.select(PROVIDER.NAME)
        .from(PROVIDER)
        .where(PROVIDER.ID.eq(id))
        .and(
            PROVIDER
                .TENANT_ID
                .eq(tenantId)
                .or(
                    PROVIDER
                        .TENANT_ID
                        .in(platform())
                        .and(
                            notExists(
                                selectOne()
                                    .from(own)
                                    .where(own.TENANT_ID.eq(tenantId))
                                    .and(own.NAME.eq(PROVIDER.NAME))))))
        .limit(1)
        .fetchOptional(PROVIDER.NAME);
  }

  private static Select<Record1<UUID>> platform() {
    return select(ORGANIZATION.TENANT_ID).from(ORGANIZATION).where(ORGANIZATION.PLATFORM);
  }

  private static Optional<UUID> ofProvider(DSLContext db, UUID tenantId, UUID id) {
    return db.select(PROVIDER.TENANT_ID)
        .from(PROVIDER)
        .where(PROVIDER.ID.eq(id))
        .and(PROVIDER.TENANT_ID.eq(tenantId).or(PROVIDER.TENANT_ID.in(platform())))
        .and(PROVIDER.ACTIVE)
        .orderBy(PROVIDER.TENANT_ID.eq(tenantId).desc())
        .limit(1)
        .fetchOptional(PROVIDER.TENANT_ID);
  }
}
