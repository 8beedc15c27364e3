package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.db.Tables.ORGANIZATION;

import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// The row of the platform's tenant.
final class PlatformStore {
  Optional<UUID> find(DSLContext db) {
    return db.select(ORGANIZATION.TENANT_ID)
        .from(ORGANIZATION)
        .where(ORGANIZATION.PLATFORM)
        .limit(1)
        .fetchOptional(ORGANIZATION.TENANT_ID);
  }
}
