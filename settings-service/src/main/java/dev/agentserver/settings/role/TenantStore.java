package dev.agentserver.settings.role;

import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static org.jooq.impl.DSL.selectOne;

import java.util.UUID;
import org.jooq.DSLContext;

/// What rules about roles ask of a tenant.
public final class TenantStore {
  /// Makes changes of who may do what in the tenant follow each other. To be the first lock of a
  /// transaction. False: there is no such tenant.
  public boolean lock(DSLContext db, UUID tenantId) {
    return db.fetchExists(
        selectOne().from(ORGANIZATION).where(ORGANIZATION.TENANT_ID.eq(tenantId)).forNoKeyUpdate());
  }

  /// Whether it is the platform's own.
  boolean platform(DSLContext db, UUID tenantId) {
    return db.fetchExists(
        selectOne()
            .from(ORGANIZATION)
            .where(ORGANIZATION.TENANT_ID.eq(tenantId))
            .and(ORGANIZATION.PLATFORM));
  }
}
