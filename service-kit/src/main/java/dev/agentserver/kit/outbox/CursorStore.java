package dev.agentserver.kit.outbox;

import static dev.agentserver.kit.db.tables.Tables.OUTBOX_APPLIED;
import static dev.agentserver.kit.db.tables.Tables.OUTBOX_CURSOR;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// How far the facts of other services are applied here.
final class CursorStore {
  long position(DSLContext db, String source) {
    return db.select(OUTBOX_CURSOR.POSITION)
        .from(OUTBOX_CURSOR)
        .where(OUTBOX_CURSOR.SOURCE.eq(source))
        .fetchOptional(OUTBOX_CURSOR.POSITION)
        .orElse(0L);
  }

  /// The position, which nobody else moves until the transaction ends.
  long lock(DSLContext db, String source) {
    db.insertInto(OUTBOX_CURSOR)
        .set(OUTBOX_CURSOR.SOURCE, source)
        .set(OUTBOX_CURSOR.POSITION, 0L)
        .set(OUTBOX_CURSOR.UPDATED_AT, clock())
        .onConflictDoNothing()
        .execute();
    return db.select(OUTBOX_CURSOR.POSITION)
        .from(OUTBOX_CURSOR)
        .where(OUTBOX_CURSOR.SOURCE.eq(source))
        .forUpdate()
        .fetchSingle()
        .value1();
  }

  void move(DSLContext db, String source, long position) {
    db.update(OUTBOX_CURSOR)
        .set(OUTBOX_CURSOR.POSITION, position)
        .set(OUTBOX_CURSOR.UPDATED_AT, clock())
        .where(OUTBOX_CURSOR.SOURCE.eq(source))
        .execute();
  }

  /// Notes that a fact is applied, and returns whether it was not yet.
  boolean note(DSLContext db, String source, UUID factId) {
    return db.insertInto(OUTBOX_APPLIED)
            .set(OUTBOX_APPLIED.SOURCE, source)
            .set(OUTBOX_APPLIED.FACT_ID, factId)
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  /// Removes up to `limit` of the notes that are older than `age`.
  int forget(DSLContext db, String source, Duration age, int limit) {
    var old =
        select(OUTBOX_APPLIED.SOURCE, OUTBOX_APPLIED.FACT_ID)
            .from(OUTBOX_APPLIED)
            .where(OUTBOX_APPLIED.SOURCE.eq(source))
            .and(
                OUTBOX_APPLIED.APPLIED_AT.lt(
                    currentOffsetDateTime().minus(DayToSecond.valueOf(age))))
            .orderBy(OUTBOX_APPLIED.APPLIED_AT)
            .limit(limit);
    return db.deleteFrom(OUTBOX_APPLIED)
        .where(row(OUTBOX_APPLIED.SOURCE, OUTBOX_APPLIED.FACT_ID).in(old))
        .execute();
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
