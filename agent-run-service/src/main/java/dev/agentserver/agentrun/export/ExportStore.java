package dev.agentserver.agentrun.export;

import static dev.agentserver.agentrun.db.Tables.USAGE_EVENT;
import static dev.agentserver.agentrun.db.Tables.USAGE_FACT;
import static dev.agentserver.agentrun.db.Tables.USAGE_LINE;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import dev.agentserver.agentrun.export.Used.Charge;
import dev.agentserver.agentrun.export.Used.Event;
import dev.agentserver.agentrun.export.Used.ModelSum;
import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.agentrun.ledger.query.Query;
import dev.agentserver.kit.db.ArrayTable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/// Reads the ledger in the order in which things happened, a page at a time.
final class ExportStore {
  private static final List<Field<?>> EVENT =
      List.of(
          USAGE_EVENT.TENANT_ID,
          USAGE_EVENT.EVENT_ID,
          USAGE_EVENT.OCCURRED_AT,
          USAGE_EVENT.PROVIDER,
          USAGE_EVENT.TIER,
          USAGE_EVENT.REGION,
          USAGE_EVENT.BATCH,
          USAGE_EVENT.USER_ID,
          USAGE_EVENT.AGENT_ID,
          USAGE_EVENT.RUN_ID,
          USAGE_EVENT.STEP_KEY,
          USAGE_EVENT.SESSION_ID,
          USAGE_EVENT.CONVERSATION_ID,
          USAGE_EVENT.PROJECT_ID,
          USAGE_EVENT.MESSAGE_ID,
          USAGE_EVENT.USAGE_STATE,
          USAGE_EVENT.PRICE_STATE,
          USAGE_EVENT.LATE);

  private static final Field<BigDecimal> EVENTS = sum(USAGE_FACT.EVENTS).as("events");
  private static final Field<BigDecimal> UNPRICED = sum(USAGE_FACT.UNPRICED_EVENTS).as("unpriced");
  private static final Field<BigDecimal> INPUT = sum(USAGE_FACT.INPUT_TOKENS).as("input");
  private static final Field<BigDecimal> OUTPUT = sum(USAGE_FACT.OUTPUT_TOKENS).as("output");
  private static final Field<BigDecimal> COST = sum(USAGE_FACT.COST).as("cost");

  /// The events after one.
  List<Event> events(DSLContext db, UUID tenantId, Query query, @Nullable Event after, int limit) {
    return db.select(EVENT)
        .from(USAGE_EVENT)
        .where(matches(tenantId, query))
        .and(
            after == null
                ? noCondition()
                : row(USAGE_EVENT.OCCURRED_AT, USAGE_EVENT.EVENT_ID)
                    .gt(time(after.occurredAt()), after.id()))
        .orderBy(USAGE_EVENT.OCCURRED_AT, USAGE_EVENT.EVENT_ID)
        .limit(limit)
        .fetch(ExportStore::event);
  }

  private static Condition matches(UUID tenantId, Query query) {
    var filter = query.filter();
    return USAGE_EVENT
        .TENANT_ID
        .eq(tenantId)
        .and(same(USAGE_EVENT.USER_ID, filter.userId()))
        .and(same(USAGE_EVENT.AGENT_ID, filter.agentId()))
        .and(same(USAGE_EVENT.PROJECT_ID, filter.projectId()))
        .and(same(USAGE_EVENT.SESSION_ID, filter.sessionId()))
        .and(same(USAGE_EVENT.CONVERSATION_ID, filter.conversationId()))
        .and(same(USAGE_EVENT.PROVIDER, filter.provider()))
        .and(query.from() == null ? noCondition() : USAGE_EVENT.OCCURRED_AT.ge(time(query.from())))
        .and(query.to() == null ? noCondition() : USAGE_EVENT.OCCURRED_AT.lt(time(query.to())));
  }

  private static <T> Condition same(TableField<?, T> column, @Nullable T value) {
    return value == null ? noCondition() : column.eq(value);
  }

  /// What each model used of these events: looked up event by event, because the view would read
  /// the tenant's whole ledger for many at once.
  ///
  /// @param model of this one only; null: of all
  Map<UUID, List<ModelSum>> sums(
      DSLContext db, UUID tenantId, List<Event> events, @Nullable String model) {
    var given = ArrayTable.of("given", events).with(USAGE_EVENT.EVENT_ID, Event::id);
    var id = given.field(USAGE_EVENT.EVENT_ID);
    var sums =
        select(USAGE_FACT.MODEL, EVENTS, UNPRICED, INPUT, OUTPUT, COST)
            .from(USAGE_FACT)
            .where(USAGE_FACT.TENANT_ID.eq(tenantId))
            .and(USAGE_FACT.EVENT_ID.eq(id))
            .and(model == null ? noCondition() : USAGE_FACT.MODEL.eq(model))
            .groupBy(USAGE_FACT.MODEL)
            .asTable("sums");
    return db.select(id)
        .select(sums.fields())
        .from(given.table())
        .crossJoin(lateral(sums))
        .orderBy(id, sums.field(USAGE_FACT.MODEL))
        .fetchGroups(
            id,
            row ->
                new ModelSum(
                    row.get(USAGE_FACT.MODEL.getName(), String.class),
                    new Sum(
                        row.get(EVENTS.getName(), BigDecimal.class).longValueExact(),
                        row.get(UNPRICED.getName(), BigDecimal.class).longValueExact(),
                        row.get(INPUT.getName(), BigDecimal.class),
                        row.get(OUTPUT.getName(), BigDecimal.class),
                        row.get(COST.getName(), BigDecimal.class))));
  }

  /// The lines of these events.
  ///
  /// @param model of this one only; null: of all
  Map<UUID, List<Charge>> charges(
      DSLContext db, UUID tenantId, List<Event> events, @Nullable String model) {
    return db.selectFrom(USAGE_LINE)
        .where(USAGE_LINE.TENANT_ID.eq(tenantId))
        .and(USAGE_LINE.EVENT_ID.eq(any(ids(events))))
        .and(model == null ? noCondition() : USAGE_LINE.MODEL.eq(model))
        .orderBy(USAGE_LINE.EVENT_ID, USAGE_LINE.NUMBER)
        .fetchGroups(
            USAGE_LINE.EVENT_ID,
            row ->
                new Charge(
                    row.get(USAGE_LINE.NUMBER),
                    row.get(USAGE_LINE.KIND),
                    row.get(USAGE_LINE.REVERSES) != null,
                    row.get(USAGE_LINE.MODEL),
                    row.get(USAGE_LINE.UNIT),
                    row.get(USAGE_LINE.QUANTITY),
                    row.get(USAGE_LINE.UNIT_PRICE),
                    row.get(USAGE_LINE.PER),
                    row.get(USAGE_LINE.COST),
                    row.get(USAGE_LINE.PRICE_VERSION_ID),
                    row.get(USAGE_LINE.CREATED_AT).toInstant()));
  }

  private static UUID[] ids(List<Event> events) {
    return events.stream().map(Event::id).toArray(UUID[]::new);
  }

  private static Event event(Record row) {
    return new Event(
        row.get(USAGE_EVENT.TENANT_ID),
        row.get(USAGE_EVENT.EVENT_ID),
        row.get(USAGE_EVENT.OCCURRED_AT).toInstant(),
        row.get(USAGE_EVENT.PROVIDER),
        row.get(USAGE_EVENT.TIER),
        row.get(USAGE_EVENT.REGION),
        row.get(USAGE_EVENT.BATCH),
        row.get(USAGE_EVENT.USER_ID),
        row.get(USAGE_EVENT.AGENT_ID),
        row.get(USAGE_EVENT.RUN_ID),
        row.get(USAGE_EVENT.STEP_KEY),
        row.get(USAGE_EVENT.SESSION_ID),
        row.get(USAGE_EVENT.CONVERSATION_ID),
        row.get(USAGE_EVENT.PROJECT_ID),
        row.get(USAGE_EVENT.MESSAGE_ID),
        row.get(USAGE_EVENT.USAGE_STATE),
        row.get(USAGE_EVENT.PRICE_STATE),
        row.get(USAGE_EVENT.LATE));
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
