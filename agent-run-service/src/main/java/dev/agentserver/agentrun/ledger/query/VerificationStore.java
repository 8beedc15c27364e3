package dev.agentserver.agentrun.ledger.query;

import static dev.agentserver.agentrun.db.Tables.BUDGET;
import static dev.agentserver.agentrun.db.Tables.BUDGET_HOLD;
import static dev.agentserver.agentrun.db.Tables.BUDGET_HOLD_PERIOD;
import static dev.agentserver.agentrun.db.Tables.BUDGET_PERIOD;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static dev.agentserver.agentrun.db.Tables.USAGE_EVENT;
import static dev.agentserver.agentrun.db.Tables.USAGE_FACT;
import static dev.agentserver.agentrun.db.Tables.USAGE_LINE;
import static dev.agentserver.agentrun.db.Tables.USAGE_TOTAL;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import dev.agentserver.agentrun.ledger.budget.SpentFields;
import dev.agentserver.agentrun.ledger.rollup.Rollup;
import dev.agentserver.agentrun.ledger.rollup.RollupStore;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Compares sums with the ledger. Each takes one pass over either.
public final class VerificationStore {
  /// A sum that is not that of its lines.
  ///
  /// @param expected null: there should be none
  /// @param actual null: there is none
  public record Discrepancy(
      String table, String key, @Nullable String expected, @Nullable String actual) {}

  /// How much there is.
  public record Extent(long events, long lines, BigDecimal cost) {}

  Extent extent(DSLContext db, UUID tenantId) {
    return db.select(
            DSL.field(select(count()).from(USAGE_EVENT).where(USAGE_EVENT.TENANT_ID.eq(tenantId))),
            count(),
            coalesce(sum(USAGE_LINE.COST), inline(BigDecimal.ZERO)))
        .from(USAGE_LINE)
        .where(USAGE_LINE.TENANT_ID.eq(tenantId))
        .fetchSingle(row -> new Extent(row.value1(), row.value2(), row.value3()));
  }

  /// Events whose total is not the sum of their lines.
  List<Discrepancy> totals(DSLContext db, UUID tenantId, int limit) {
    var lines = coalesce(sum(USAGE_LINE.COST), inline(BigDecimal.ZERO));
    return db.select(USAGE_EVENT.EVENT_ID, lines, USAGE_EVENT.TOTAL)
        .from(USAGE_EVENT)
        .leftJoin(USAGE_LINE)
        .on(USAGE_LINE.TENANT_ID.eq(USAGE_EVENT.TENANT_ID))
        .and(USAGE_LINE.EVENT_ID.eq(USAGE_EVENT.EVENT_ID))
        .where(USAGE_EVENT.TENANT_ID.eq(tenantId))
        .groupBy(USAGE_EVENT.EVENT_ID, USAGE_EVENT.TOTAL)
        .having(lines.ne(coalesce(USAGE_EVENT.TOTAL, inline(BigDecimal.ZERO))))
        .limit(limit)
        .fetch(
            row ->
                new Discrepancy(
                    USAGE_EVENT.getName(),
                    row.value1().toString(),
                    row.value2().toPlainString(),
                    row.value3() == null ? null : row.value3().toPlainString()));
  }

  /// Sessions that do not show their totals.
  List<Discrepancy> sessions(DSLContext db, UUID tenantId, int limit) {
    var zero = inline(BigDecimal.ZERO);
    var input = RollupStore.whole(coalesce(USAGE_TOTAL.INPUT_TOKENS, zero));
    var output = RollupStore.whole(coalesce(USAGE_TOTAL.OUTPUT_TOKENS, zero));
    var cost = coalesce(USAGE_TOTAL.COST, zero);
    return db.select(
            SESSION.SESSION_ID,
            input,
            output,
            cost,
            SESSION.INPUT_TOKENS,
            SESSION.OUTPUT_TOKENS,
            SESSION.COST)
        .from(SESSION)
        .leftJoin(USAGE_TOTAL)
        .on(USAGE_TOTAL.TENANT_ID.eq(SESSION.TENANT_ID))
        .and(USAGE_TOTAL.SUBJECT.eq("SESSION"))
        .and(USAGE_TOTAL.SUBJECT_ID.eq(SESSION.SESSION_ID))
        .where(SESSION.TENANT_ID.eq(tenantId))
        .and(
            SESSION
                .INPUT_TOKENS
                .ne(input)
                .or(SESSION.OUTPUT_TOKENS.ne(output))
                .or(SESSION.COST.ne(cost)))
        .limit(limit)
        .fetch(
            row ->
                new Discrepancy(
                    SESSION.getName(), text(row, 0, 1), text(row, 1, 4), text(row, 4, 7)));
  }

  /// Periods of budgets that have not spent what the ledger says, or hold what nobody reserved.
  List<Discrepancy> budgets(DSLContext db, UUID tenantId, int limit) {
    var spent = SpentFields.of(BUDGET_PERIOD.STARTS_AT);
    var held =
        DSL.field(
            select(coalesce(sum(BUDGET_HOLD.AMOUNT), inline(BigDecimal.ZERO)))
                .from(BUDGET_HOLD)
                .join(BUDGET_HOLD_PERIOD)
                .on(BUDGET_HOLD_PERIOD.TENANT_ID.eq(BUDGET_HOLD.TENANT_ID))
                .and(BUDGET_HOLD_PERIOD.HOLD_ID.eq(BUDGET_HOLD.HOLD_ID))
                .where(BUDGET_HOLD.STATE.eq("OPEN"))
                .and(BUDGET_HOLD_PERIOD.TENANT_ID.eq(BUDGET_PERIOD.TENANT_ID))
                .and(BUDGET_HOLD_PERIOD.BUDGET_ID.eq(BUDGET_PERIOD.BUDGET_ID))
                .and(BUDGET_HOLD_PERIOD.STARTS_AT.eq(BUDGET_PERIOD.STARTS_AT)));
    return db.select(
            BUDGET_PERIOD.BUDGET_ID,
            BUDGET_PERIOD.STARTS_AT,
            spent,
            held,
            BUDGET_PERIOD.SETTLED,
            BUDGET_PERIOD.HELD)
        .from(BUDGET_PERIOD)
        .join(BUDGET)
        .on(BUDGET.TENANT_ID.eq(BUDGET_PERIOD.TENANT_ID))
        .and(BUDGET.BUDGET_ID.eq(BUDGET_PERIOD.BUDGET_ID))
        .where(BUDGET_PERIOD.TENANT_ID.eq(tenantId))
        .and(BUDGET_PERIOD.SETTLED.ne(spent).or(BUDGET_PERIOD.HELD.ne(held)))
        .limit(limit)
        .fetch(
            row ->
                new Discrepancy(
                    BUDGET_PERIOD.getName(),
                    row.value1() + " " + row.value2().toInstant(),
                    row.value3().toPlainString() + " " + row.value4().toPlainString(),
                    row.value5().toPlainString() + " " + row.value6().toPlainString()));
  }

  /// Where a table of sums is not what the ledger adds up to.
  List<Discrepancy> compare(DSLContext db, UUID tenantId, Rollup rollup, int limit) {
    var width = rollup.keys().size();
    var missing = difference(expected(rollup, tenantId), actual(rollup, tenantId), limit);
    var odd = difference(actual(rollup, tenantId), expected(rollup, tenantId), limit);
    var wanted = sums(db.fetch(missing), width);
    var found = sums(db.fetch(odd), width);
    var keys = new ArrayList<>(wanted.keySet());
    found.keySet().stream().filter(key -> !wanted.containsKey(key)).forEach(keys::add);
    return keys.stream()
        .map(key -> new Discrepancy(rollup.table().getName(), key, wanted.get(key), found.get(key)))
        .toList();
  }

  private static Select<Record> difference(Select<Record> from, Select<Record> less, int limit) {
    return DSL.select(DSL.asterisk()).from(from.exceptAll(less).asTable("difference")).limit(limit);
  }

  private static Map<String, String> sums(List<? extends Record> rows, int width) {
    var sums = new LinkedHashMap<String, String>();
    for (var row : rows) {
      sums.put(text(row, 0, width), text(row, width, row.size()));
    }
    return sums;
  }

  private static String text(Record row, int from, int to) {
    return List.of(row.intoArray()).subList(from, to).stream()
        .map(
            value ->
                value instanceof BigDecimal number
                    ? number.stripTrailingZeros().toPlainString()
                    : value.toString())
        .collect(Collectors.joining(" "));
  }

  private static Select<Record> expected(Rollup rollup, UUID tenantId) {
    var keys = new ArrayList<Field<?>>();
    var columns = new ArrayList<Field<?>>();
    Condition there = noCondition();
    for (var i = 0; i < rollup.keys().size(); i++) {
      var fact = rollup.keys().get(i).fact();
      columns.add(fact.as(key(i)));
      if (!(fact instanceof Param)) {
        keys.add(fact);
        there = there.and(fact.isNotNull());
      }
    }
    columns.addAll(Measures.OF_LEDGER);
    var sums =
        select(columns)
            .from(USAGE_FACT)
            .where(USAGE_FACT.TENANT_ID.eq(tenantId))
            .and(there)
            .groupBy(keys)
            .asTable("expected");
    return DSL.select(List.of(sums.fields())).from(sums).where(notZero(sums));
  }

  private static Select<Record> actual(Rollup rollup, UUID tenantId) {
    var columns = new ArrayList<Field<?>>();
    for (var i = 0; i < rollup.keys().size(); i++) {
      columns.add(rollup.keys().get(i).field().as(key(i)));
    }
    var zero = inline(BigDecimal.ZERO);
    columns.add(rollup.events().cast(BigDecimal.class).plus(zero).as(Measures.NAMES.get(0)));
    columns.add(rollup.unpriced().cast(BigDecimal.class).plus(zero).as(Measures.NAMES.get(1)));
    columns.add(rollup.inputTokens().as(Measures.NAMES.get(2)));
    columns.add(rollup.outputTokens().as(Measures.NAMES.get(3)));
    columns.add(rollup.cost().as(Measures.NAMES.get(4)));
    var sums =
        select(columns)
            .from(rollup.table())
            .where(rollup.tenant().eq(tenantId))
            .and(rollup.only())
            .asTable("actual");
    return DSL.select(List.of(sums.fields())).from(sums).where(notZero(sums));
  }

  private static String key(int place) {
    return "key_" + place;
  }

  /// What adds up to nothing may be there or not.
  private static Condition notZero(Table<?> sums) {
    return Measures.NAMES.stream()
        .map(
            measure ->
                DSL.field(name(sums.getName(), measure), BigDecimal.class).ne(BigDecimal.ZERO))
        .reduce(Condition::or)
        .orElseThrow();
  }
}
