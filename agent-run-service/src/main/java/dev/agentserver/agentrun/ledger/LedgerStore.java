package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.db.Tables.BUDGET;
import static dev.agentserver.agentrun.db.Tables.USAGE_EVENT;
import static dev.agentserver.agentrun.db.Tables.USAGE_LINE;
import static dev.agentserver.agentrun.db.Tables.USAGE_QUANTITY;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.price.PriceLine;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.kit.db.ArrayTable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/// The rows of the ledger. Each table takes one statement, however many events there are.
public final class LedgerStore {
  /// An event that is to be written.
  ///
  /// @param hash of the request, by which it is told from another under the same key
  /// @param raw what the provider told, as it was told; null: nothing
  public record Entry(UsageEvent event, byte[] hash, @Nullable String raw) {}

  /// Which events. What is null is any.
  ///
  /// @param model the one that was called
  public record Selection(
      @Nullable String provider,
      @Nullable String model,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /// Where an event without a price is.
  public record Place(UUID tenantId, String provider, String model, UUID eventId) {}

  /// A line of an event.
  private record Placed(UUID tenantId, UUID eventId, Line line, OffsetDateTime at) {}

  private record Counted(
      UsageEvent event, int reading, String model, Unit unit, BigDecimal quantity) {}

  /// Writes those events whose keys are free, and returns their ids.
  public Set<UUID> insert(DSLContext db, Collection<Entry> entries) {
    var event = USAGE_EVENT;
    var given =
        ArrayTable.of("given", entries)
            .with(event.TENANT_ID, one -> one.event().who().tenantId())
            .with(event.EVENT_ID, one -> one.event().id())
            .with(event.IDEMPOTENCY_KEY, one -> one.event().key())
            .with(event.REQUEST_HASH, Entry::hash)
            .with(event.PROVIDER, one -> one.event().provider())
            .with(event.MODEL, one -> one.event().model())
            .with(event.FLAVOR, one -> one.event().flavor())
            .with(event.TIER, one -> one.event().conditions().tier())
            .with(event.REGION, one -> one.event().conditions().region())
            .with(event.BATCH, one -> one.event().conditions().batch())
            .with(event.USER_ID, one -> one.event().who().userId())
            .with(event.AGENT_ID, one -> one.event().who().agentId())
            .with(event.RUN_ID, one -> one.event().who().runId())
            .with(event.STEP_KEY, one -> one.event().who().stepKey())
            .with(event.SESSION_ID, one -> one.event().who().sessionId())
            .with(event.CONVERSATION_ID, one -> one.event().who().conversationId())
            .with(event.PROJECT_ID, one -> one.event().who().projectId())
            .with(event.MESSAGE_ID, one -> one.event().who().messageId())
            .with(event.HOLD_ID, one -> one.event().holdId())
            .with(event.RAW, Entry::raw)
            .with(event.USAGE_STATE, one -> one.event().state().name())
            .with(event.PRICE_STATE, one -> one.event().cost().state().name())
            .with(event.WARNINGS, one -> String.join("\n", one.event().warnings()))
            .with(event.REPORTED_COST, one -> one.event().cost().reported())
            .with(event.VARIANCE, one -> one.event().cost().variance())
            .with(event.TOTAL, one -> one.event().cost().total())
            .with(event.LATE, one -> one.event().late())
            .with(event.OVER_HOLD, one -> one.event().overHold())
            .with(event.LINE_COUNT, one -> one.event().lines().size())
            .with(event.OCCURRED_AT, one -> time(one.event().occurredAt()))
            .with(event.RECORDED_AT, one -> time(one.event().recordedAt()));
    var columns = given.fields().stream().map(one -> event.field(one.getName())).toList();
    return db.insertInto(event, columns)
        .select(select(given.fields()).from(given.table()))
        .onConflict(event.TENANT_ID, event.IDEMPOTENCY_KEY)
        .doNothing()
        .returningResult(event.EVENT_ID)
        .fetchSet(event.EVENT_ID);
  }

  /// Writes what was used of events, and their lines.
  public void insertParts(DSLContext db, Collection<UsageEvent> events) {
    quantities(db, events);
    var lines = new ArrayList<Placed>();
    for (var event : events) {
      for (var line : event.lines()) {
        lines.add(placed(event, line, event.recordedAt()));
      }
    }
    insert(db, lines);
  }

  /// Has an event whose row is locked say what it says now, and adds its further lines.
  public void revise(
      DSLContext db, UsageEvent before, UsageEvent after, List<Line> added, Instant at) {
    var tenantId = after.who().tenantId();
    insert(db, added.stream().map(line -> placed(after, line, at)).toList());
    if (!after.readings().equals(before.readings())) {
      db.deleteFrom(USAGE_QUANTITY)
          .where(USAGE_QUANTITY.TENANT_ID.eq(tenantId))
          .and(USAGE_QUANTITY.EVENT_ID.eq(after.id()))
          .execute();
      quantities(db, List.of(after));
    }
    db.update(USAGE_EVENT)
        .set(USAGE_EVENT.TIER, after.conditions().tier())
        .set(USAGE_EVENT.REGION, after.conditions().region())
        .set(USAGE_EVENT.BATCH, after.conditions().batch())
        .set(USAGE_EVENT.USAGE_STATE, after.state().name())
        .set(USAGE_EVENT.PRICE_STATE, after.cost().state().name())
        .set(USAGE_EVENT.WARNINGS, String.join("\n", after.warnings()))
        .set(USAGE_EVENT.REPORTED_COST, after.cost().reported())
        .set(USAGE_EVENT.VARIANCE, after.cost().variance())
        .set(USAGE_EVENT.TOTAL, after.cost().total())
        .set(USAGE_EVENT.OVER_HOLD, after.overHold())
        .set(USAGE_EVENT.LINE_COUNT, after.lines().size())
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.EVENT_ID.eq(after.id()))
        .execute();
  }

  private static Placed placed(UsageEvent event, Line line, Instant at) {
    return new Placed(event.who().tenantId(), event.id(), line, time(at));
  }

  private static void quantities(DSLContext db, Collection<UsageEvent> events) {
    var counted = new ArrayList<Counted>();
    for (var event : events) {
      var number = 0;
      for (var reading : event.readings()) {
        number++;
        for (var entry : reading.quantities().entrySet()) {
          counted.add(
              new Counted(event, number, reading.model(), entry.getKey(), entry.getValue()));
        }
      }
    }
    if (counted.isEmpty()) {
      return;
    }
    var given =
        ArrayTable.of("given", counted)
            .with(USAGE_QUANTITY.TENANT_ID, one -> one.event().who().tenantId())
            .with(USAGE_QUANTITY.EVENT_ID, one -> one.event().id())
            .with(USAGE_QUANTITY.READING, Counted::reading)
            .with(USAGE_QUANTITY.MODEL, Counted::model)
            .with(USAGE_QUANTITY.UNIT, one -> one.unit().key())
            .with(USAGE_QUANTITY.DIRECTION, one -> one.unit().side().name())
            .with(USAGE_QUANTITY.QUANTITY, Counted::quantity);
    var columns = given.fields().stream().map(one -> USAGE_QUANTITY.field(one.getName())).toList();
    db.insertInto(USAGE_QUANTITY, columns)
        .select(select(given.fields()).from(given.table()))
        .execute();
  }

  private static void insert(DSLContext db, List<Placed> lines) {
    if (lines.isEmpty()) {
      return;
    }
    var given =
        ArrayTable.of("given", lines)
            .with(USAGE_LINE.TENANT_ID, Placed::tenantId)
            .with(USAGE_LINE.EVENT_ID, Placed::eventId)
            .with(USAGE_LINE.NUMBER, one -> one.line().number())
            .with(USAGE_LINE.KIND, one -> one.line().kind().name())
            .with(
                USAGE_LINE.REVERSES,
                one -> one.line().reverses() == 0 ? null : one.line().reverses())
            .with(USAGE_LINE.MODEL, one -> price(one).model())
            .with(USAGE_LINE.UNIT, one -> price(one).unit().key())
            .with(USAGE_LINE.QUANTITY, one -> price(one).quantity())
            .with(USAGE_LINE.UNIT_PRICE, one -> price(one).unitPrice())
            .with(USAGE_LINE.PER, one -> price(one).per())
            .with(USAGE_LINE.COST, one -> price(one).cost())
            .with(USAGE_LINE.PRICE_VERSION_ID, one -> price(one).versionId())
            .with(USAGE_LINE.CREATED_AT, Placed::at);
    var columns = given.fields().stream().map(one -> USAGE_LINE.field(one.getName())).toList();
    db.insertInto(USAGE_LINE, columns).select(select(given.fields()).from(given.table())).execute();
  }

  private static PriceLine price(Placed placed) {
    return placed.line().price();
  }

  /// The hashes of the requests that came first under these keys.
  public Map<String, byte[]> hashes(DSLContext db, UUID tenantId, Collection<String> keys) {
    return db.select(USAGE_EVENT.IDEMPOTENCY_KEY, USAGE_EVENT.REQUEST_HASH)
        .from(USAGE_EVENT)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.IDEMPOTENCY_KEY.eq(any(keys.toArray(String[]::new))))
        .fetchMap(USAGE_EVENT.IDEMPOTENCY_KEY, USAGE_EVENT.REQUEST_HASH);
  }

  /// Notes that these cost more than was reserved for them.
  public void markOver(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    db.update(USAGE_EVENT)
        .set(USAGE_EVENT.OVER_HOLD, true)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.EVENT_ID.eq(any(ids.toArray(UUID[]::new))))
        .execute();
  }

  /// The events under these keys, whole.
  public List<UsageEvent> byKey(DSLContext db, UUID tenantId, Collection<String> keys) {
    return EventRows.query(db)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.IDEMPOTENCY_KEY.eq(any(keys.toArray(String[]::new))))
        .fetch(EventRows::event);
  }

  /// The events with these ids, whole, and locked until the transaction ends.
  public List<UsageEvent> lock(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    db.select(USAGE_EVENT.EVENT_ID)
        .from(USAGE_EVENT)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.EVENT_ID.eq(any(ids.toArray(UUID[]::new))))
        .orderBy(USAGE_EVENT.EVENT_ID)
        .forNoKeyUpdate()
        .fetch();
    return byId(db, tenantId, ids);
  }

  /// Events whose cost comes from the price book, or from nowhere, in the order of their ids.
  ///
  /// @param after the last of the page before; null: from the first
  public List<UsageEvent> page(
      DSLContext db, UUID tenantId, Selection selection, @Nullable UUID after, int limit) {
    return EventRows.query(db)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.PRICE_STATE.ne(Priced.State.REPORTED.name()))
        .and(same(USAGE_EVENT.PROVIDER, selection.provider()))
        .and(same(USAGE_EVENT.MODEL, selection.model()))
        .and(
            selection.from() == null
                ? noCondition()
                : USAGE_EVENT.OCCURRED_AT.ge(time(selection.from())))
        .and(
            selection.to() == null
                ? noCondition()
                : USAGE_EVENT.OCCURRED_AT.lt(time(selection.to())))
        .and(after == null ? noCondition() : USAGE_EVENT.EVENT_ID.gt(after))
        .orderBy(USAGE_EVENT.EVENT_ID)
        .limit(limit)
        .fetch(EventRows::event);
  }

  private static Condition same(Field<String> field, @Nullable String value) {
    return value == null ? noCondition() : field.eq(value);
  }

  /// The events without a price after one, of all tenants.
  public List<Place> unpriced(DSLContext db, @Nullable Place after, int limit) {
    return db.select(
            USAGE_EVENT.TENANT_ID, USAGE_EVENT.PROVIDER, USAGE_EVENT.MODEL, USAGE_EVENT.EVENT_ID)
        .from(USAGE_EVENT)
        .where(USAGE_EVENT.PRICE_STATE.eq(inline(Priced.State.UNPRICED.name())))
        .and(
            after == null
                ? noCondition()
                : row(
                        USAGE_EVENT.TENANT_ID,
                        USAGE_EVENT.PROVIDER,
                        USAGE_EVENT.MODEL,
                        USAGE_EVENT.EVENT_ID)
                    .gt(after.tenantId(), after.provider(), after.model(), after.eventId()))
        .orderBy(
            USAGE_EVENT.TENANT_ID, USAGE_EVENT.PROVIDER, USAGE_EVENT.MODEL, USAGE_EVENT.EVENT_ID)
        .limit(limit)
        .fetch(row -> new Place(row.value1(), row.value2(), row.value3(), row.value4()));
  }

  /// The events with these ids, whole.
  public List<UsageEvent> byId(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    return EventRows.query(db)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.EVENT_ID.eq(any(ids.toArray(UUID[]::new))))
        .orderBy(USAGE_EVENT.EVENT_ID)
        .fetch(EventRows::event);
  }

  /// Some of a user's events.
  List<UUID> ofUser(DSLContext db, UUID tenantId, UUID userId, int limit) {
    return db.select(USAGE_EVENT.EVENT_ID)
        .from(USAGE_EVENT)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.USER_ID.eq(userId))
        .limit(limit)
        .fetch(USAGE_EVENT.EVENT_ID);
  }

  /// Has events name nobody.
  int forgetUser(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    return db.update(USAGE_EVENT)
        .setNull(USAGE_EVENT.USER_ID)
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .and(USAGE_EVENT.EVENT_ID.eq(any(ids.toArray(UUID[]::new))))
        .execute();
  }

  /// Removes budgets of a user.
  int removeBudgets(DSLContext db, UUID tenantId, UUID userId, int limit) {
    return db.deleteFrom(BUDGET)
        .where(BUDGET.TENANT_ID.eq(tenantId))
        .and(
            BUDGET.BUDGET_ID.in(
                select(BUDGET.BUDGET_ID)
                    .from(BUDGET)
                    .where(BUDGET.TENANT_ID.eq(tenantId))
                    .and(BUDGET.SCOPE.eq("USER"))
                    .and(BUDGET.SCOPE_ID.eq(userId))
                    .limit(limit)))
        .execute();
  }

  private static OffsetDateTime time(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
