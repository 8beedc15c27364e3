package dev.agentserver.agentrun.link;

import static dev.agentserver.agentrun.db.Tables.CONVERSATION_GONE;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The conversations that are no more, as was heard. A conversation is locked by its id, since
/// nothing of it is kept here.
final class GoneStore {
  /// When it was heard that it is no more; null: it was not.
  @Nullable OffsetDateTime goneAt(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.select(CONVERSATION_GONE.GONE_AT)
        .from(CONVERSATION_GONE)
        .where(CONVERSATION_GONE.TENANT_ID.eq(tenantId))
        .and(CONVERSATION_GONE.CONVERSATION_ID.eq(conversationId))
        .fetchOne(CONVERSATION_GONE.GONE_AT);
  }

  /// Nobody hears until the transaction ends that it is no more.
  void keep(DSLContext db, UUID conversationId) {
    db.select(lock("pg_advisory_xact_lock_shared", conversationId)).fetch();
  }

  /// Notes that it is no more. Waits for those who keep it.
  void add(DSLContext db, UUID tenantId, UUID conversationId) {
    db.select(lock("pg_advisory_xact_lock", conversationId)).fetch();
    db.insertInto(CONVERSATION_GONE)
        .set(CONVERSATION_GONE.TENANT_ID, tenantId)
        .set(CONVERSATION_GONE.CONVERSATION_ID, conversationId)
        .set(CONVERSATION_GONE.GONE_AT, now())
        .onConflict(CONVERSATION_GONE.TENANT_ID, CONVERSATION_GONE.CONVERSATION_ID)
        .doUpdate()
        .set(CONVERSATION_GONE.GONE_AT, now())
        .execute();
  }

  /// Forgets up to `limit` of which was heard so long ago, and returns how many there were.
  int forget(DSLContext db, Duration ago, int limit) {
    return db.deleteFrom(CONVERSATION_GONE)
        .where(
            row(CONVERSATION_GONE.TENANT_ID, CONVERSATION_GONE.CONVERSATION_ID)
                .in(
                    select(CONVERSATION_GONE.TENANT_ID, CONVERSATION_GONE.CONVERSATION_ID)
                        .from(CONVERSATION_GONE)
                        .where(CONVERSATION_GONE.GONE_AT.lt(now().minus(DayToSecond.valueOf(ago))))
                        .limit(limit)))
        .execute();
  }

  private static Field<?> lock(String function, UUID id) {
    var number = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
    return DSL.function(function, Object.class, val(number));
  }

  private static Field<OffsetDateTime> now() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
