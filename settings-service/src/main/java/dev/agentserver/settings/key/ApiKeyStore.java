package dev.agentserver.settings.key;

import static dev.agentserver.settings.db.Tables.API_KEY;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The rows of API keys.
final class ApiKeyStore {
  StoredKey insert(
      DSLContext db,
      UUID tenantId,
      UUID userId,
      NewKey draft,
      String keyId,
      byte[] hash,
      String lastFour) {
    return db.insertInto(API_KEY)
        .set(API_KEY.TENANT_ID, tenantId)
        .set(API_KEY.KEY_ID, keyId)
        .set(API_KEY.USER_ID, userId)
        .set(API_KEY.NAME, draft.name())
        .set(API_KEY.SECRET_HASH, hash)
        .set(API_KEY.SCOPES, draft.scopes().toArray(String[]::new))
        .set(API_KEY.LAST_FOUR, lastFour)
        .set(API_KEY.EXPIRES_AT, at(draft.expiresAt()))
        .set(API_KEY.CREATED_AT, currentOffsetDateTime())
        .returning()
        .fetchSingle(ApiKeyStore::key);
  }

  /// The key, locked.
  Optional<StoredKey> lock(DSLContext db, UUID tenantId, String keyId) {
    return db.selectFrom(API_KEY)
        .where(API_KEY.TENANT_ID.eq(tenantId))
        .and(API_KEY.KEY_ID.eq(keyId))
        .forUpdate()
        .fetchOptional(ApiKeyStore::key);
  }

  /// Puts another secret in the place of the one there, which goes on for the overlap.
  StoredKey replace(
      DSLContext db, UUID tenantId, String keyId, byte[] hash, String lastFour, Duration overlap) {
    return db.update(API_KEY)
        .set(API_KEY.PREVIOUS_HASH, API_KEY.SECRET_HASH)
        .set(API_KEY.PREVIOUS_UNTIL, currentOffsetDateTime().plus(DayToSecond.valueOf(overlap)))
        .set(API_KEY.SECRET_HASH, hash)
        .set(API_KEY.LAST_FOUR, lastFour)
        .where(API_KEY.TENANT_ID.eq(tenantId))
        .and(API_KEY.KEY_ID.eq(keyId))
        .returning()
        .fetchSingle(ApiKeyStore::key);
  }

  StoredKey revoke(DSLContext db, UUID tenantId, String keyId) {
    return db.update(API_KEY)
        .set(API_KEY.REVOKED_AT, coalesce(API_KEY.REVOKED_AT, currentOffsetDateTime()))
        .where(API_KEY.TENANT_ID.eq(tenantId))
        .and(API_KEY.KEY_ID.eq(keyId))
        .returning()
        .fetchSingle(ApiKeyStore::key);
  }

  /// The newest first.
  ///
  /// @param userId whose; null: everybody's
  List<StoredKey> list(
      DSLContext db, UUID tenantId, @Nullable UUID userId, @Nullable KeyPosition after, int limit) {
    return db.selectFrom(API_KEY)
        .where(API_KEY.TENANT_ID.eq(tenantId))
        .and(userId == null ? noCondition() : API_KEY.USER_ID.eq(userId))
        .and(
            after == null
                ? noCondition()
                : row(API_KEY.CREATED_AT, API_KEY.KEY_ID)
                    .lt(row(val(at(after.createdAt())), val(after.keyId()))))
        .orderBy(API_KEY.CREATED_AT.desc(), API_KEY.KEY_ID.desc())
        .limit(limit)
        .fetch(ApiKeyStore::key);
  }

  private static StoredKey key(Record row) {
    return new StoredKey(
        row.get(API_KEY.KEY_ID),
        row.get(API_KEY.USER_ID),
        row.get(API_KEY.NAME),
        List.of(row.get(API_KEY.SCOPES)),
        row.get(API_KEY.LAST_FOUR),
        instant(row.get(API_KEY.EXPIRES_AT)),
        instant(row.get(API_KEY.LAST_USED_AT)),
        instant(row.get(API_KEY.REVOKED_AT)),
        row.get(API_KEY.CREATED_AT).toInstant());
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static @Nullable OffsetDateTime at(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }
}
