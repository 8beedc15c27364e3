package dev.agentserver.file.blob;

import static dev.agentserver.file.db.Tables.STORAGE_USAGE;

import java.util.UUID;
import org.jooq.DSLContext;

/// What is stored, for each owner and for each tenant.
final class UsageStore {
  /// Under it the whole tenant is counted.
  static final UUID TENANT = new UUID(0, 0);

  /// Bytes and files.
  record Usage(long bytes, long files) {}

  /// Adds to what an owner has, and returns what it is then. The row stays locked.
  Usage add(DSLContext db, UUID tenantId, UUID ownerId, long bytes, long files) {
    return db.insertInto(STORAGE_USAGE)
        .set(STORAGE_USAGE.TENANT_ID, tenantId)
        .set(STORAGE_USAGE.OWNER_ID, ownerId)
        .set(STORAGE_USAGE.BYTES, Math.max(bytes, 0))
        .set(STORAGE_USAGE.FILES, Math.max(files, 0))
        .onConflict(STORAGE_USAGE.TENANT_ID, STORAGE_USAGE.OWNER_ID)
        .doUpdate()
        .set(STORAGE_USAGE.BYTES, STORAGE_USAGE.BYTES.plus(bytes))
        .set(STORAGE_USAGE.FILES, STORAGE_USAGE.FILES.plus(files))
        .returningResult(STORAGE_USAGE.BYTES, STORAGE_USAGE.FILES)
        .fetchSingle(found -> new Usage(found.value1(), found.value2()));
  }

  Usage find(DSLContext db, UUID tenantId, UUID ownerId) {
    return db.select(STORAGE_USAGE.BYTES, STORAGE_USAGE.FILES)
        .from(STORAGE_USAGE)
        .where(STORAGE_USAGE.TENANT_ID.eq(tenantId))
        .and(STORAGE_USAGE.OWNER_ID.eq(ownerId))
        .fetchOptional(found -> new Usage(found.value1(), found.value2()))
        .orElse(new Usage(0, 0));
  }
}
