package dev.agentserver.kit.idempotency;

import static dev.agentserver.kit.db.tables.Tables.IDEMPOTENCY_KEY;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// The rows of `idempotency_key`.
final class IdempotencyStore {
  /// What makes a write the same write.
  record Key(UUID tenantId, UUID principalId, String method, String requestId) {
    Condition matches() {
      return IDEMPOTENCY_KEY
          .TENANT_ID
          .eq(tenantId)
          .and(IDEMPOTENCY_KEY.PRINCIPAL_ID.eq(principalId))
          .and(IDEMPOTENCY_KEY.METHOD.eq(method))
          .and(IDEMPOTENCY_KEY.REQUEST_ID.eq(requestId));
    }
  }

  /// What an earlier write left.
  record Kept(byte[] requestHash, byte[] reply) {}

  /// Claims the key. Waits while another transaction that claimed it is open.
  ///
  /// @return whether the key was free
  boolean claim(DSLContext db, Key key, byte[] requestHash) {
    return db.insertInto(IDEMPOTENCY_KEY)
            .set(IDEMPOTENCY_KEY.TENANT_ID, key.tenantId())
            .set(IDEMPOTENCY_KEY.PRINCIPAL_ID, key.principalId())
            .set(IDEMPOTENCY_KEY.METHOD, key.method())
            .set(IDEMPOTENCY_KEY.REQUEST_ID, key.requestId())
            .set(IDEMPOTENCY_KEY.REQUEST_HASH, requestHash)
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  Optional<Kept> find(DSLContext db, Key key) {
    return db.select(IDEMPOTENCY_KEY.REQUEST_HASH, IDEMPOTENCY_KEY.REPLY)
        .from(IDEMPOTENCY_KEY)
        .where(key.matches())
        .fetchOptional(found -> new Kept(found.value1(), found.value2()));
  }

  void keep(DSLContext db, Key key, byte[] reply) {
    db.update(IDEMPOTENCY_KEY).set(IDEMPOTENCY_KEY.REPLY, reply).where(key.matches()).execute();
  }

  /// Removes up to `limit` keys that are older than `age`.
  int removeOlderThan(DSLContext db, Duration age, int limit) {
    var key = IDEMPOTENCY_KEY;
    Field<OffsetDateTime> cutoff = DSL.currentOffsetDateTime().minus(DayToSecond.valueOf(age));
    return db.deleteFrom(key)
        .where(
            row(key.TENANT_ID, key.PRINCIPAL_ID, key.METHOD, key.REQUEST_ID)
                .in(
                    select(key.TENANT_ID, key.PRINCIPAL_ID, key.METHOD, key.REQUEST_ID)
                        .from(key)
                        .where(key.CREATED_AT.lt(cutoff))
                        .orderBy(key.CREATED_AT)
                        .limit(limit)))
        .execute();
  }
}
