package dev.agentserver.agentrun.ledger.rollup;

import static dev.agentserver.agentrun.db.Tables.SESSION;
import static dev.agentserver.agentrun.db.Tables.USAGE_TOTAL;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.floor;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.kit.db.ArrayTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;

/// The sums. Each table takes one statement however much is added, and its rows are locked in the
/// order of their keys, so that two who add do not wait for each other in a circle.
public final class RollupStore {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /// @param values of the keys, the tenant apart
  private record Row(UUID tenantId, List<Object> values, Sum sum) {
    Row plus(Row other) {
      return new Row(tenantId, values, sum.plus(other.sum));
    }
  }

  /// Adds to every sum that a movement belongs to.
  public void apply(DSLContext db, Collection<Movement> movements) {
    for (var rollup : Rollup.ALL) {
      var rows = rows(rollup, movements);
      if (!rows.isEmpty()) {
        add(db, rollup, rows);
        if (rollup == Rollup.SESSIONS) {
          spend(db, rows);
        }
      }
    }
  }

  private static List<Row> rows(Rollup rollup, Collection<Movement> movements) {
    var rows = new TreeMap<String, Row>();
    for (var movement : movements) {
      var values = new ArrayList<Object>();
      for (var key : rollup.keys()) {
        var value = key.of().apply(movement);
        if (value != null) {
          values.add(value);
        }
      }
      if (values.size() == rollup.keys().size()) {
        var row = new Row(movement.who().tenantId(), values, movement.sum());
        rows.merge(row.tenantId() + "\0" + values, row, Row::plus);
      }
    }
    return rows.values().stream().filter(row -> !row.sum().isZero()).toList();
  }

  private static void add(DSLContext db, Rollup rollup, List<Row> rows) {
    var given = ArrayTable.of("given", rows).with(rollup.tenant(), Row::tenantId);
    var keys = new ArrayList<Field<?>>(List.of(rollup.tenant()));
    for (var i = 0; i < rollup.keys().size(); i++) {
      key(given, rollup.keys().get(i).field(), i);
      keys.add(rollup.keys().get(i).field());
    }
    given
        .with(rollup.events(), row -> row.sum().events())
        .with(rollup.unpriced(), row -> row.sum().unpriced())
        .with(rollup.inputTokens(), row -> row.sum().inputTokens())
        .with(rollup.outputTokens(), row -> row.sum().outputTokens())
        .with(rollup.cost(), row -> row.sum().cost());
    var columns = given.fields().stream().map(one -> rollup.table().field(one.getName())).toList();
    db.insertInto(rollup.table(), columns)
        .select(select(given.fields()).from(given.table()))
        .onConflict(keys)
        .doUpdate()
        .set(rollup.events(), rollup.events().plus(excluded(rollup.events())))
        .set(rollup.unpriced(), rollup.unpriced().plus(excluded(rollup.unpriced())))
        .set(rollup.inputTokens(), rollup.inputTokens().plus(excluded(rollup.inputTokens())))
        .set(rollup.outputTokens(), rollup.outputTokens().plus(excluded(rollup.outputTokens())))
        .set(rollup.cost(), rollup.cost().plus(excluded(rollup.cost())))
        .execute();
  }

  private static <T> void key(ArrayTable<Row> given, Field<T> field, int place) {
    given.with(field, row -> field.getType().cast(row.values().get(place)));
  }

  /// What a session shows of itself, where it is there: its total, in whole tokens.
  private static void spend(DSLContext db, List<Row> rows) {
    var given =
        ArrayTable.of("given", rows)
            .with(SESSION.TENANT_ID, Row::tenantId)
            .with(SESSION.SESSION_ID, row -> (UUID) row.values().get(1));
    db.update(SESSION)
        .set(SESSION.INPUT_TOKENS, whole(USAGE_TOTAL.INPUT_TOKENS))
        .set(SESSION.OUTPUT_TOKENS, whole(USAGE_TOTAL.OUTPUT_TOKENS))
        .set(SESSION.COST, USAGE_TOTAL.COST)
        .set(SESSION.ACTIVITY, SESSION.ACTIVITY.plus(1))
        .from(given.table(), USAGE_TOTAL)
        .where(SESSION.TENANT_ID.eq(given.field(SESSION.TENANT_ID)))
        .and(SESSION.SESSION_ID.eq(given.field(SESSION.SESSION_ID)))
        .and(USAGE_TOTAL.TENANT_ID.eq(SESSION.TENANT_ID))
        .and(USAGE_TOTAL.SUBJECT.eq("SESSION"))
        .and(USAGE_TOTAL.SUBJECT_ID.eq(SESSION.SESSION_ID))
        .execute();
  }

  /// Tokens as a session shows them.
  public static Field<Long> whole(Field<BigDecimal> tokens) {
    return least(floor(tokens), inline(MOST)).cast(Long.class);
  }
}
