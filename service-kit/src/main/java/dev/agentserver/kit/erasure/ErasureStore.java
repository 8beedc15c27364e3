package dev.agentserver.kit.erasure;

import static dev.agentserver.kit.db.tables.Tables.ERASURE_TALLY;
import static dev.agentserver.kit.db.tables.Tables.ERASURE_TASK;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// The orders to erase, and what has become of them.
final class ErasureStore {
  void insert(DSLContext db, Erased whom, Instant requestedAt) {
    db.insertInto(ERASURE_TASK)
        .set(ERASURE_TASK.TENANT_ID, whom.tenantId())
        .set(ERASURE_TASK.ERASURE_ID, whom.erasureId())
        .set(ERASURE_TASK.USER_ID, whom.userId())
        .set(ERASURE_TASK.REQUESTED_AT, requestedAt.atOffset(ZoneOffset.UTC))
        .set(ERASURE_TASK.DUE_AT, clock())
        .set(ERASURE_TASK.ATTEMPTS, 0)
        .onConflictDoNothing()
        .execute();
  }

  /// Takes the one that is due longest, for as long as the lease.
  Optional<Erased> claim(DSLContext db, Duration lease) {
    var due =
        select(ERASURE_TASK.TENANT_ID, ERASURE_TASK.ERASURE_ID)
            .from(ERASURE_TASK)
            .where(ERASURE_TASK.DUE_AT.le(clock()))
            .orderBy(ERASURE_TASK.DUE_AT)
            .limit(1)
            .forUpdate()
            .skipLocked();
    return db.update(ERASURE_TASK)
        .set(ERASURE_TASK.DUE_AT, in(lease))
        .where(row(ERASURE_TASK.TENANT_ID, ERASURE_TASK.ERASURE_ID).in(due))
        .returningResult(ERASURE_TASK.TENANT_ID, ERASURE_TASK.ERASURE_ID, ERASURE_TASK.USER_ID)
        .fetchOptional(Records.mapping(Erased::new));
  }

  /// Keeps it for another lease, and locks it until the transaction ends. False when it is done.
  boolean renew(DSLContext db, Erased whom, Duration lease) {
    return db.update(ERASURE_TASK).set(ERASURE_TASK.DUE_AT, in(lease)).where(is(whom)).execute()
        == 1;
  }

  /// Lets somebody else have it at once.
  void release(DSLContext db, Erased whom) {
    db.update(ERASURE_TASK).set(ERASURE_TASK.DUE_AT, clock()).where(is(whom)).execute();
  }

  void add(DSLContext db, Erased whom, Tally tally) {
    for (var entry : tally.counts().entrySet()) {
      var count = entry.getValue();
      set(db, whom, entry.getKey(), count.removed(), count.changed(), 0, false);
    }
  }

  void remaining(DSLContext db, Erased whom, String table, long rows) {
    set(db, whom, table, 0, 0, rows, true);
  }

  private static void set(
      DSLContext db,
      Erased whom,
      String table,
      long removed,
      long changed,
      long remaining,
      boolean counted) {
    var tally = ERASURE_TALLY;
    db.insertInto(tally)
        .set(tally.TENANT_ID, whom.tenantId())
        .set(tally.ERASURE_ID, whom.erasureId())
        .set(tally.TABLE_NAME, table)
        .set(tally.ROWS_REMOVED, removed)
        .set(tally.ROWS_CHANGED, changed)
        .set(tally.ROWS_REMAINING, remaining)
        .onConflict(tally.TENANT_ID, tally.ERASURE_ID, tally.TABLE_NAME)
        .doUpdate()
        .set(tally.ROWS_REMOVED, tally.ROWS_REMOVED.plus(excluded(tally.ROWS_REMOVED)))
        .set(tally.ROWS_CHANGED, tally.ROWS_CHANGED.plus(excluded(tally.ROWS_CHANGED)))
        .set(tally.ROWS_REMAINING, counted ? excluded(tally.ROWS_REMAINING) : tally.ROWS_REMAINING)
        .execute();
  }

  List<ErasedTable> tables(DSLContext db, Erased whom) {
    var tally = ERASURE_TALLY;
    return db.select(tally.TABLE_NAME, tally.ROWS_REMOVED, tally.ROWS_CHANGED, tally.ROWS_REMAINING)
        .from(tally)
        .where(tally.TENANT_ID.eq(whom.tenantId()))
        .and(tally.ERASURE_ID.eq(whom.erasureId()))
        .orderBy(tally.TABLE_NAME)
        .fetch(Records.mapping(ErasedTable::new));
  }

  /// It is reported. It is looked at once more when it is old enough; after that it is done.
  void reported(DSLContext db, Erased whom, Duration late) {
    var again = ERASURE_TASK.REQUESTED_AT.plus(DayToSecond.valueOf(late));
    var over = db.deleteFrom(ERASURE_TASK).where(is(whom)).and(again.le(clock())).execute();
    if (over == 0) {
      db.update(ERASURE_TASK)
          .set(ERASURE_TASK.REPORTED_AT, clock())
          .set(ERASURE_TASK.ATTEMPTS, 0)
          .set(ERASURE_TASK.DUE_AT, again)
          .where(is(whom))
          .execute();
    }
  }

  /// It is tried again: after `first`, then after twice as long each time.
  void postpone(DSLContext db, Erased whom, Duration first, Duration longest) {
    Field<DayToSecond> doubled =
        val(DayToSecond.valueOf(first)).mul(DSL.power(2, least(ERASURE_TASK.ATTEMPTS, val(20))));
    db.update(ERASURE_TASK)
        .set(ERASURE_TASK.ATTEMPTS, ERASURE_TASK.ATTEMPTS.plus(1))
        .set(ERASURE_TASK.DUE_AT, clock().plus(least(doubled, val(DayToSecond.valueOf(longest)))))
        .where(is(whom))
        .execute();
  }

  private static Condition is(Erased whom) {
    return ERASURE_TASK
        .TENANT_ID
        .eq(whom.tenantId())
        .and(ERASURE_TASK.ERASURE_ID.eq(whom.erasureId()));
  }

  private static Field<OffsetDateTime> in(Duration time) {
    return clock().plus(DayToSecond.valueOf(time));
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
