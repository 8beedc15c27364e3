package dev.agentserver.file.blob;

import dev.agentserver.kit.problem.Problem;
import java.util.UUID;
import org.jooq.DSLContext;

/// How much users and tenants may store. Bytes that several files share count for each of them, so
/// that nobody sees by the quota what others have.
public final class Quotas {
  private final long userBytes;
  private final long tenantBytes;
  private final UsageStore store = new UsageStore();
  private final BlobStore blobs = new BlobStore();

  /// @param userBytes the most that a user may store
  /// @param tenantBytes the most that a tenant may
  public Quotas(long userBytes, long tenantBytes) {
    this.userBytes = userBytes;
    this.tenantBytes = tenantBytes;
  }

  /// What is stored, and may be.
  public record Stored(
      long bytes,
      long files,
      long limitBytes,
      long tenantBytes,
      long tenantFiles,
      long tenantLimitBytes) {}

  public Stored stored(DSLContext db, UUID tenantId, UUID ownerId) {
    var own = store.find(db, tenantId, ownerId);
    var all = store.find(db, tenantId, UsageStore.TENANT);
    return new Stored(own.bytes(), own.files(), userBytes, all.bytes(), all.files(), tenantBytes);
  }

  /// Refuses a file of this size where there is no room for it now.
  public void requireRoom(DSLContext db, UUID tenantId, UUID ownerId, long bytes) {
    var now = stored(db, tenantId, ownerId);
    check(db, tenantId, ownerId, now.bytes() + bytes, now.tenantBytes() + bytes);
  }

  /// Refuses a file that was just announced where there is no room for it. The rows of owner and
  /// tenant stay locked, so that no two get the same room.
  public void reserve(DSLContext db, UUID tenantId, UUID ownerId) {
    add(db, tenantId, ownerId, 0, 0);
  }

  /// Counts a file; refused when it is one too many. The rows of owner and tenant stay locked, in
  /// this order.
  void take(DSLContext db, UUID tenantId, UUID ownerId, long bytes) {
    add(db, tenantId, ownerId, bytes, 1);
  }

  private void add(DSLContext db, UUID tenantId, UUID ownerId, long bytes, long files) {
    var own = store.add(db, tenantId, ownerId, bytes, files);
    var all = store.add(db, tenantId, UsageStore.TENANT, bytes, files);
    check(db, tenantId, ownerId, own.bytes(), all.bytes());
  }

  void giveBack(DSLContext db, UUID tenantId, UUID ownerId, long bytes) {
    store.add(db, tenantId, ownerId, -bytes, -1);
    store.add(db, tenantId, UsageStore.TENANT, -bytes, -1);
  }

  /// What was announced to come has its room too.
  private void check(DSLContext db, UUID tenantId, UUID ownerId, long own, long all) {
    var reserved = blobs.reserved(db, tenantId, ownerId);
    check("user", ownerId, own + reserved.bytes(), userBytes);
    check("tenant", tenantId, all + reserved.tenantBytes(), tenantBytes);
  }

  private static void check(String whose, UUID id, long then, long limit) {
    if (then > limit) {
      throw new Problem.QuotaExceeded(
              whose,
              whose + ":" + id,
              "%d bytes would be stored, allowed are %d".formatted(then, limit),
              limit)
          .raise();
    }
  }
}
