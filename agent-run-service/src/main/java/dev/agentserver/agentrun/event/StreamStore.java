package dev.agentserver.agentrun.event;

import static dev.agentserver.agentrun.db.Tables.EVENT_STREAM;
import static org.jooq.impl.DSL.greatest;

import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Records;
import org.jooq.impl.DSL;

/// The rows of streams. Numbers are allocated from them: the row's lock makes the order of commits
/// the order of numbers.
public final class StreamStore {
  /// Numbers that were allocated.
  ///
  /// @param month the partition that the events go to
  /// @param lastSeq the last of the numbers
  /// @param at when the events happen
  record Allocated(UUID streamId, LocalDate month, long lastSeq, OffsetDateTime at) {}

  /// Allocates `count` numbers; empty when there is no such stream yet.
  Optional<Allocated> allocate(DSLContext db, UUID tenantId, Subject subject, int count) {
    return db.update(EVENT_STREAM)
        .set(EVENT_STREAM.LAST_SEQ, EVENT_STREAM.LAST_SEQ.plus(count))
        .set(EVENT_STREAM.LAST_EVENT_AT, greatest(EVENT_STREAM.LAST_EVENT_AT, clock()))
        .where(of(tenantId, subject))
        .returningResult(
            EVENT_STREAM.STREAM_ID,
            EVENT_STREAM.MONTH,
            EVENT_STREAM.LAST_SEQ,
            EVENT_STREAM.LAST_EVENT_AT)
        .fetchOptional(Records.mapping(Allocated::new));
  }

  /// Gives back the last numbers that this transaction has allocated.
  void release(DSLContext db, UUID tenantId, UUID streamId, int count) {
    db.update(EVENT_STREAM)
        .set(EVENT_STREAM.LAST_SEQ, EVENT_STREAM.LAST_SEQ.minus(count))
        .where(EVENT_STREAM.TENANT_ID.eq(tenantId))
        .and(EVENT_STREAM.STREAM_ID.eq(streamId))
        .execute();
  }

  /// Begins a stream unless it has begun. It is in the partition of this month.
  void begin(DSLContext db, UUID tenantId, Subject subject, UUID streamId) {
    db.insertInto(EVENT_STREAM)
        .set(EVENT_STREAM.TENANT_ID, tenantId)
        .set(EVENT_STREAM.STREAM_ID, streamId)
        .set(EVENT_STREAM.SUBJECT, subject.kind().name())
        .set(EVENT_STREAM.SUBJECT_ID, subject.id())
        .set(EVENT_STREAM.MONTH, month())
        .set(EVENT_STREAM.LAST_SEQ, 0L)
        .set(EVENT_STREAM.COMPACTED_THROUGH_SEQ, 0L)
        .set(EVENT_STREAM.LAST_EVENT_AT, clock())
        .onConflictDoNothing()
        .execute();
  }

  /// The stream of a subject; empty when it has not begun.
  Optional<UUID> find(DSLContext db, UUID tenantId, Subject subject) {
    return db.select(EVENT_STREAM.STREAM_ID)
        .from(EVENT_STREAM)
        .where(of(tenantId, subject))
        .fetchOptional(EVENT_STREAM.STREAM_ID);
  }

  /// How far streams have come. One that does not exist is absent.
  Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams) {
    var asked =
        ArrayTable.of("asked", streams)
            .with(EVENT_STREAM.TENANT_ID, StreamKey::tenantId)
            .with(EVENT_STREAM.STREAM_ID, StreamKey::id);
    return db
        .select(
            EVENT_STREAM.TENANT_ID,
            EVENT_STREAM.STREAM_ID,
            EVENT_STREAM.LAST_SEQ,
            EVENT_STREAM.COMPACTED_THROUGH_SEQ)
        .from(asked.table())
        .join(EVENT_STREAM)
        .on(EVENT_STREAM.TENANT_ID.eq(asked.field(EVENT_STREAM.TENANT_ID)))
        .and(EVENT_STREAM.STREAM_ID.eq(asked.field(EVENT_STREAM.STREAM_ID)))
        .fetch()
        .stream()
        .collect(
            Collectors.toMap(
                found -> new StreamKey(found.value1(), found.value2()),
                found -> new Head(found.value3(), found.value4())));
  }

  private static Condition of(UUID tenantId, Subject subject) {
    return EVENT_STREAM
        .TENANT_ID
        .eq(tenantId)
        .and(EVENT_STREAM.SUBJECT.eq(subject.kind().name()))
        .and(EVENT_STREAM.SUBJECT_ID.eq(subject.id()));
  }

  static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }

  /// The first day of this month, by the database's clock.
  static Field<LocalDate> month() {
    var utc = DSL.function("timezone", OffsetDateTime.class, DSL.val("UTC"), clock());
    return DSL.function("date_trunc", OffsetDateTime.class, DSL.val("month"), utc)
        .cast(LocalDate.class);
  }
}
