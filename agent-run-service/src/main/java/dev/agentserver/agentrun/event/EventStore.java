package dev.agentserver.agentrun.event;

import static dev.agentserver.agentrun.db.Tables.EVENT_STREAM;
import static dev.agentserver.agentrun.db.Tables.RUN_EVENT;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import dev.agentserver.agentrun.event.StreamStore.Allocated;
import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// The rows of events. Each statement names the stream's month, so that one partition is touched.
public final class EventStore {
  static final int PAGE_BYTES = 2 * 1024 * 1024;
  private static final String RUNNING_BYTES = "running_bytes";

  /// An event at its number.
  record Numbered(long seq, EventRow row) {}

  /// The numbers of those of the events that are written already, by their ids.
  Map<UUID, Long> written(
      DSLContext db, UUID tenantId, Allocated stream, Collection<EventRow> events) {
    return db.select(RUN_EVENT.EVENT_ID, RUN_EVENT.SEQ)
        .from(RUN_EVENT)
        .where(RUN_EVENT.TENANT_ID.eq(tenantId))
        .and(RUN_EVENT.STREAM_ID.eq(stream.streamId()))
        .and(RUN_EVENT.MONTH.eq(stream.month()))
        .and(RUN_EVENT.EVENT_ID.eq(any(events.stream().map(EventRow::id).toArray(UUID[]::new))))
        .fetchMap(RUN_EVENT.EVENT_ID, RUN_EVENT.SEQ);
  }

  /// Writes events.
  void insert(DSLContext db, Origin origin, Allocated stream, Collection<Numbered> events) {
    var given =
        ArrayTable.of("given", events)
            .with(RUN_EVENT.TENANT_ID, _ -> origin.tenantId())
            .with(RUN_EVENT.STREAM_ID, _ -> stream.streamId())
            .with(RUN_EVENT.SEQ, Numbered::seq)
            .with(RUN_EVENT.MONTH, _ -> stream.month())
            .with(RUN_EVENT.EVENT_ID, one -> one.row().id())
            .with(RUN_EVENT.RUN_ID, _ -> origin.runId())
            .with(RUN_EVENT.USER_ID, _ -> origin.userId())
            .with(RUN_EVENT.STEP_KEY, one -> one.row().stepKey())
            .with(RUN_EVENT.CATEGORY, one -> one.row().category().name())
            .with(RUN_EVENT.KIND, one -> one.row().kind())
            .with(RUN_EVENT.LEVEL, one -> one.row().level().name())
            .with(RUN_EVENT.CONTENT, one -> one.row().content())
            .with(RUN_EVENT.PAYLOAD, one -> JSONB.jsonbOrNull(one.row().payload()))
            .with(RUN_EVENT.TOOL_NAME, one -> one.row().toolName())
            .with(RUN_EVENT.TOOL_INPUT, one -> JSONB.jsonbOrNull(one.row().toolInput()))
            .with(RUN_EVENT.TOOL_OUTPUT, one -> JSONB.jsonbOrNull(one.row().toolOutput()))
            .with(RUN_EVENT.DURATION_MS, one -> one.row().durationMs())
            .with(RUN_EVENT.SIZE_BYTES, one -> one.row().bytes())
            .with(RUN_EVENT.CREATED_AT, _ -> stream.at());
    var columns = given.fields().stream().map(one -> RUN_EVENT.field(one.getName())).toList();
    db.insertInto(RUN_EVENT, columns).select(select(given.fields()).from(given.table())).execute();
  }

  /// The events after a number that the filter lets through, in order: at most `limit`, and about
  /// 2 MiB; one at least.
  List<RunEvent> page(DSLContext db, StreamKey stream, Filter filter, long after, int limit) {
    var measured =
        select(RUN_EVENT.fields())
            .select(sum(RUN_EVENT.SIZE_BYTES).over().orderBy(RUN_EVENT.SEQ).as(RUNNING_BYTES))
            .from(RUN_EVENT)
            .where(of(stream))
            .and(matching(filter))
            .and(RUN_EVENT.SEQ.gt(after))
            .orderBy(RUN_EVENT.SEQ)
            .limit(limit)
            .asTable("measured");
    var event = RUN_EVENT.as("measured");
    return db.select(event.fields())
        .from(measured)
        .where(
            field(name("measured", RUNNING_BYTES), Long.class)
                .minus(event.SIZE_BYTES)
                .lt((long) PAGE_BYTES))
        .orderBy(event.SEQ)
        .fetch(row -> event(event, row));
  }

  private static Condition of(StreamKey stream) {
    return RUN_EVENT
        .TENANT_ID
        .eq(stream.tenantId())
        .and(RUN_EVENT.STREAM_ID.eq(stream.id()))
        .and(
            RUN_EVENT.MONTH.eq(
                select(EVENT_STREAM.MONTH)
                    .from(EVENT_STREAM)
                    .where(EVENT_STREAM.TENANT_ID.eq(stream.tenantId()))
                    .and(EVENT_STREAM.STREAM_ID.eq(stream.id()))));
  }

  private static Condition matching(Filter filter) {
    return (filter.runId() == null ? noCondition() : RUN_EVENT.RUN_ID.eq(filter.runId()))
        .and(filter.userId() == null ? noCondition() : RUN_EVENT.USER_ID.eq(filter.userId()));
  }

  private static RunEvent event(dev.agentserver.agentrun.db.tables.RunEvent table, Record row) {
    return new RunEvent(
        row.get(table.SEQ),
        row.get(table.CREATED_AT).toInstant(),
        row.get(table.RUN_ID),
        row.get(table.USER_ID),
        row.get(table.SIZE_BYTES),
        new EventRow(
            row.get(table.EVENT_ID),
            Category.valueOf(row.get(table.CATEGORY)),
            row.get(table.KIND),
            Level.valueOf(row.get(table.LEVEL)),
            row.get(table.CONTENT),
            text(row.get(table.PAYLOAD)),
            row.get(table.STEP_KEY),
            row.get(table.TOOL_NAME),
            text(row.get(table.TOOL_INPUT)),
            text(row.get(table.TOOL_OUTPUT)),
            row.get(table.DURATION_MS)));
  }

  private static @Nullable String text(@Nullable JSONB json) {
    return json == null ? null : json.data();
  }
}
