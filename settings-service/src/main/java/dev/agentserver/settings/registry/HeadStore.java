package dev.agentserver.settings.registry;

import static dev.agentserver.settings.db.Tables.REGISTRY_HEAD;
import static org.jooq.impl.DSL.any;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// The rows that count the changes of tenants.
final class HeadStore {
  /// The number of the tenant's next change. Until the transaction ends nobody else gets one.
  long next(DSLContext db, UUID tenantId) {
    return db.insertInto(REGISTRY_HEAD)
        .set(REGISTRY_HEAD.TENANT_ID, tenantId)
        .set(REGISTRY_HEAD.LAST_CHANGE, 1L)
        .onConflict(REGISTRY_HEAD.TENANT_ID)
        .doUpdate()
        .set(REGISTRY_HEAD.LAST_CHANGE, REGISTRY_HEAD.LAST_CHANGE.plus(1))
        .returningResult(REGISTRY_HEAD.LAST_CHANGE)
        .fetchSingle()
        .value1();
  }

  /// Without an entry: there was no change.
  Map<UUID, Long> heads(DSLContext db, Collection<UUID> tenants) {
    return db.select(REGISTRY_HEAD.TENANT_ID, REGISTRY_HEAD.LAST_CHANGE)
        .from(REGISTRY_HEAD)
        .where(REGISTRY_HEAD.TENANT_ID.eq(any(tenants.toArray(UUID[]::new))))
        .fetchMap(REGISTRY_HEAD.TENANT_ID, REGISTRY_HEAD.LAST_CHANGE);
  }

  long head(DSLContext db, UUID tenantId) {
    return heads(db, List.of(tenantId)).getOrDefault(tenantId, 0L);
  }
}
