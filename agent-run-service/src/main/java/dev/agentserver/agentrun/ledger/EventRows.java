package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.db.Tables.USAGE_EVENT;
import static dev.agentserver.agentrun.db.Tables.USAGE_LINE;
import static dev.agentserver.agentrun.db.Tables.USAGE_QUANTITY;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.ledger.UsageEvent.Cost;
import dev.agentserver.agentrun.price.PriceLine;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectJoinStep;
import org.jooq.impl.SQLDataType;

/// An event's row with what hangs on it, and the event it is.
final class EventRows {
  private record Counted(int reading, String model, String unit, BigDecimal quantity) {}

  // Numbers within nested rows travel as JSON: as texts they stay what they are.
  private static final Field<String> COUNT = exact(USAGE_QUANTITY.QUANTITY);
  private static final Field<String> QUANTITY = exact(USAGE_LINE.QUANTITY);
  private static final Field<String> UNIT_PRICE = exact(USAGE_LINE.UNIT_PRICE);
  private static final Field<String> PER = exact(USAGE_LINE.PER);
  private static final Field<String> COST = exact(USAGE_LINE.COST);

  private static final Field<List<Counted>> READINGS =
      multiset(
              select(USAGE_QUANTITY.READING, USAGE_QUANTITY.MODEL, USAGE_QUANTITY.UNIT, COUNT)
                  .from(USAGE_QUANTITY)
                  .where(USAGE_QUANTITY.TENANT_ID.eq(USAGE_EVENT.TENANT_ID))
                  .and(USAGE_QUANTITY.EVENT_ID.eq(USAGE_EVENT.EVENT_ID))
                  .orderBy(USAGE_QUANTITY.READING, USAGE_QUANTITY.UNIT))
          .as("readings")
          .convertFrom(rows -> rows.map(EventRows::counted));

  private static final Field<List<Line>> LINES =
      multiset(
              select(
                      USAGE_LINE.NUMBER,
                      USAGE_LINE.KIND,
                      USAGE_LINE.REVERSES,
                      USAGE_LINE.MODEL,
                      USAGE_LINE.UNIT,
                      QUANTITY,
                      UNIT_PRICE,
                      PER,
                      USAGE_LINE.PRICE_VERSION_ID,
                      COST)
                  .from(USAGE_LINE)
                  .where(USAGE_LINE.TENANT_ID.eq(USAGE_EVENT.TENANT_ID))
                  .and(USAGE_LINE.EVENT_ID.eq(USAGE_EVENT.EVENT_ID))
                  .orderBy(USAGE_LINE.NUMBER))
          .as("lines")
          .convertFrom(rows -> rows.map(EventRows::line));

  private EventRows() {}

  private static Field<String> exact(Field<BigDecimal> number) {
    return number.cast(SQLDataType.CLOB).as(number.getName());
  }

  static SelectJoinStep<Record> query(DSLContext db) {
    return db.select(
            List.of(
                USAGE_EVENT.TENANT_ID,
                USAGE_EVENT.EVENT_ID,
                USAGE_EVENT.IDEMPOTENCY_KEY,
                USAGE_EVENT.PROVIDER,
                USAGE_EVENT.MODEL,
                USAGE_EVENT.FLAVOR,
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
                USAGE_EVENT.HOLD_ID,
                USAGE_EVENT.USAGE_STATE,
                USAGE_EVENT.PRICE_STATE,
                USAGE_EVENT.WARNINGS,
                USAGE_EVENT.REPORTED_COST,
                USAGE_EVENT.VARIANCE,
                USAGE_EVENT.TOTAL,
                USAGE_EVENT.LATE,
                USAGE_EVENT.OVER_HOLD,
                USAGE_EVENT.OCCURRED_AT,
                USAGE_EVENT.RECORDED_AT,
                READINGS,
                LINES))
        .from(USAGE_EVENT);
  }

  static UsageEvent event(Record row) {
    return new UsageEvent(
        row.get(USAGE_EVENT.EVENT_ID),
        row.get(USAGE_EVENT.IDEMPOTENCY_KEY),
        new Attribution(
            row.get(USAGE_EVENT.TENANT_ID),
            row.get(USAGE_EVENT.USER_ID),
            row.get(USAGE_EVENT.AGENT_ID),
            row.get(USAGE_EVENT.RUN_ID),
            row.get(USAGE_EVENT.STEP_KEY),
            row.get(USAGE_EVENT.SESSION_ID),
            row.get(USAGE_EVENT.CONVERSATION_ID),
            row.get(USAGE_EVENT.PROJECT_ID),
            row.get(USAGE_EVENT.MESSAGE_ID)),
        row.get(USAGE_EVENT.PROVIDER),
        row.get(USAGE_EVENT.MODEL),
        row.get(USAGE_EVENT.FLAVOR),
        new Conditions(
            row.get(USAGE_EVENT.TIER), row.get(USAGE_EVENT.BATCH), row.get(USAGE_EVENT.REGION)),
        row.get(USAGE_EVENT.HOLD_ID),
        NormalizedUsage.State.valueOf(row.get(USAGE_EVENT.USAGE_STATE)),
        readings(row.get(READINGS)),
        new Cost(
            Priced.State.valueOf(row.get(USAGE_EVENT.PRICE_STATE)),
            row.get(USAGE_EVENT.TOTAL),
            row.get(USAGE_EVENT.REPORTED_COST),
            row.get(USAGE_EVENT.VARIANCE)),
        row.get(LINES),
        row.get(USAGE_EVENT.WARNINGS).lines().toList(),
        row.get(USAGE_EVENT.LATE),
        row.get(USAGE_EVENT.OVER_HOLD),
        row.get(USAGE_EVENT.OCCURRED_AT).toInstant(),
        row.get(USAGE_EVENT.RECORDED_AT).toInstant());
  }

  private static List<Reading> readings(List<Counted> counted) {
    var models = new TreeMap<Integer, String>();
    var quantities = new TreeMap<Integer, Map<Unit, BigDecimal>>();
    for (var one : counted) {
      models.put(one.reading(), one.model());
      quantities
          .computeIfAbsent(one.reading(), _ -> new EnumMap<>(Unit.class))
          .put(unit(one.unit()), one.quantity());
    }
    return models.entrySet().stream()
        .map(each -> new Reading(each.getValue(), quantities.get(each.getKey())))
        .toList();
  }

  private static Counted counted(Record row) {
    return new Counted(
        row.get(USAGE_QUANTITY.READING),
        row.get(USAGE_QUANTITY.MODEL),
        row.get(USAGE_QUANTITY.UNIT),
        new BigDecimal(row.get(COUNT)));
  }

  private static Line line(Record row) {
    var reverses = row.get(USAGE_LINE.REVERSES);
    return new Line(
        row.get(USAGE_LINE.NUMBER),
        Line.Kind.valueOf(row.get(USAGE_LINE.KIND)),
        reverses == null ? 0 : reverses,
        new PriceLine(
            row.get(USAGE_LINE.MODEL),
            unit(row.get(USAGE_LINE.UNIT)),
            new BigDecimal(row.get(QUANTITY)),
            new BigDecimal(row.get(UNIT_PRICE)),
            new BigDecimal(row.get(PER)),
            row.get(USAGE_LINE.PRICE_VERSION_ID),
            new BigDecimal(row.get(COST))));
  }

  private static Unit unit(String key) {
    return Unit.of(key).orElseThrow(() -> new IllegalStateException("no unit is called " + key));
  }
}
