package dev.agentserver.agentrun.event;

import static dev.agentserver.agentrun.db.Tables.EVENT_PARTITIONS;
import static dev.agentserver.agentrun.db.Tables.EVENT_STREAM;
import static dev.agentserver.agentrun.db.Tables.RUN_EVENT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.agentserver.agentrun.db.Routines;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.Result;

/// Partitions, and the streams that outlive theirs.
final class PartitionStore {
  /// Makes those of this month and of as many ahead, where they are missing.
  int make(DSLContext db, int ahead) {
    return db.select(Routines.makeEventPartitions(val(ahead))).fetchSingle().value1();
  }

  /// The months that have one, the oldest first.
  List<LocalDate> months(DSLContext db) {
    return db.selectFrom(EVENT_PARTITIONS.call()).fetch(field("event_partitions", LocalDate.class));
  }

  /// Drops a month's, unless a stream is in it.
  boolean drop(DSLContext db, LocalDate month) {
    return db.select(Routines.dropEventPartition(val(month))).fetchSingle().value1();
  }

  /// The time by the clock that decides.
  OffsetDateTime now(DSLContext db) {
    return db.select(StreamStore.clock()).fetchSingle().value1();
  }

  /// Has up to `limit` streams of a month go on in the present one, with those of their events that
  /// are not older than `cutoff`. Returns how many there were.
  int carryOver(DSLContext db, LocalDate month, OffsetDateTime cutoff, int limit) {
    var streams = lock(db, month, limit);
    if (streams.isEmpty()) {
      return 0;
    }
    var present = db.select(StreamStore.month()).fetchSingle().value1();
    db.update(RUN_EVENT)
        .set(RUN_EVENT.MONTH, present)
        .where(row(RUN_EVENT.TENANT_ID, RUN_EVENT.STREAM_ID).in(streams))
        .and(RUN_EVENT.MONTH.eq(month))
        .and(RUN_EVENT.CREATED_AT.ge(cutoff))
        .execute();
    var kept =
        select(min(RUN_EVENT.SEQ).minus(1L))
            .from(RUN_EVENT)
            .where(RUN_EVENT.TENANT_ID.eq(EVENT_STREAM.TENANT_ID))
            .and(RUN_EVENT.STREAM_ID.eq(EVENT_STREAM.STREAM_ID))
            .and(RUN_EVENT.MONTH.eq(present));
    return db.update(EVENT_STREAM)
        .set(EVENT_STREAM.MONTH, present)
        .set(EVENT_STREAM.COMPACTED_THROUGH_SEQ, coalesce(field(kept), EVENT_STREAM.LAST_SEQ))
        .where(row(EVENT_STREAM.TENANT_ID, EVENT_STREAM.STREAM_ID).in(streams))
        .execute();
  }

  private static Result<Record2<UUID, UUID>> lock(DSLContext db, LocalDate month, int limit) {
    return db.select(EVENT_STREAM.TENANT_ID, EVENT_STREAM.STREAM_ID)
        .from(EVENT_STREAM)
        .where(EVENT_STREAM.MONTH.eq(month))
        .orderBy(EVENT_STREAM.TENANT_ID, EVENT_STREAM.STREAM_ID)
        .limit(limit)
        .forNoKeyUpdate()
        .fetch();
  }
}
