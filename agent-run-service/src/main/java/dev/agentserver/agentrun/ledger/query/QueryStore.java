package dev.agentserver.agentrun.ledger.query;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.ledger.Sum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

/// Adds usage up, from whatever table it is asked of.
public final class QueryStore {
  private static final String ROWS = "asked";

  /// A group and its sum.
  public record Group(List<String> keys, Sum sum) {}

  /// The groups after one, in the order of their keys.
  List<Group> groups(
      DSLContext db, UUID tenantId, Query query, Source source, List<String> after, int limit) {
    var from = SourceTable.of(source);
    var columns = new ArrayList<Field<?>>();
    var keys = new ArrayList<Field<String>>();
    for (var dimension : query.groupBy()) {
      var key = "key_" + keys.size();
      columns.add(from.key(dimension, query).as(key));
      keys.add(field(name(ROWS, key), SQLDataType.CLOB));
    }
    columns.add(from.field("events", Long.class));
    columns.add(from.field("unpriced_events", Long.class));
    columns.add(from.field("input_tokens", BigDecimal.class));
    columns.add(from.field("output_tokens", BigDecimal.class));
    columns.add(from.field("cost", BigDecimal.class));
    var rows =
        select(columns).from(from.table()).where(from.matches(tenantId, query)).asTable(ROWS);
    var sums =
        Measures.of(
            field(name(ROWS, "events"), Long.class),
            field(name(ROWS, "unpriced_events"), Long.class),
            field(name(ROWS, "input_tokens"), BigDecimal.class),
            field(name(ROWS, "output_tokens"), BigDecimal.class),
            field(name(ROWS, "cost"), BigDecimal.class));
    var added = db.select(keys).select(sums).from(rows);
    if (keys.isEmpty()) {
      return added.fetch(row -> new Group(List.of(), Measures.sum(row)));
    }
    return added
        .where(after.isEmpty() ? noCondition() : row(keys).gt(row(after.toArray())))
        .groupBy(keys)
        .orderBy(keys)
        .limit(limit)
        .fetch(
            row ->
                new Group(
                    keys.stream().map(key -> row.get(key.getName(), String.class)).toList(),
                    Measures.sum(row)));
  }
}
