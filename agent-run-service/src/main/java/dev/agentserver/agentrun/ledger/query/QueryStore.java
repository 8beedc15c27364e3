package dev.agentserver.agentrun.ledger.query;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.sum;

import dev.agentserver.agentrun.ledger.Sum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;

/// Adds usage up, from whatever table it is asked of. Limits are in the statements' text: of one
/// that it does not know the planner expects a tenth of the groups, and reads all there is in the
/// order of an index to come by them.
public final class QueryStore {
  private static final String ROWS = "asked";

  /// A group and its sum.
  public record Group(List<String> keys, Sum sum) {}

  /// A key of groups.
  ///
  /// @param value what it is grouped and ordered by
  /// @param text what is told
  private record Key(Field<?> value, Field<String> text) {}

  /// What is asked about: the keys of the groups, and the numbers that are added up.
  private record Asked(List<Key> keys, Table<?> rows) {
    List<Field<String>> texts() {
      return keys.stream().map(Key::text).toList();
    }

    List<Field<?>> values() {
      return keys.stream().<Field<?>>map(Key::value).toList();
    }

    List<Field<?>> sums() {
      return Measures.of(
          number("events", Long.class),
          number("unpriced_events", Long.class),
          number("input_tokens", BigDecimal.class),
          number("output_tokens", BigDecimal.class),
          number("cost", BigDecimal.class));
    }

    private static <T> Field<T> number(String column, Class<T> type) {
      return field(name(ROWS, column), type);
    }

    Group group(Record row) {
      return new Group(texts().stream().map(row::get).toList(), Measures.sum(row));
    }
  }

  /// The groups after one, in the order of their keys.
  ///
  /// @param after of [KeyType]'s values; none: from the first
  public List<Group> groups(
      DSLContext db, UUID tenantId, Query query, Source source, List<Object> after, int limit) {
    var asked = new Asked(keys(query), select(tenantId, query, source).asTable(ROWS));
    var keys = asked.values();
    var added = db.select(asked.texts()).select(asked.sums()).from(asked.rows());
    if (keys.isEmpty()) {
      return added.fetch(asked::group);
    }
    return added
        .where(after.isEmpty() ? noCondition() : row(keys).gt(row(after)))
        .groupBy(keys)
        .orderBy(keys)
        .limit(inline(limit))
        .fetch(asked::group);
  }

  /// The groups that cost most, the dearest first.
  public List<Group> dearest(DSLContext db, UUID tenantId, Query query, int limit) {
    return top(db, tenantId, query, "cost", limit);
  }

  /// The groups with most events that have no price, of those that have any.
  public List<Group> unpriced(DSLContext db, UUID tenantId, Query query, int limit) {
    return top(db, tenantId, query, "unpriced_events", limit).stream()
        .filter(group -> group.sum().unpriced() > 0)
        .toList();
  }

  private static List<Group> top(
      DSLContext db, UUID tenantId, Query query, String measure, int limit) {
    var rows =
        Source.parts(query).stream()
            .<Select<Record>>map(part -> select(tenantId, part, Source.of(part)))
            .reduce(Select::unionAll)
            .orElseThrow();
    var asked = new Asked(keys(query), rows.asTable(ROWS));
    return db.select(asked.texts())
        .select(asked.sums())
        .from(asked.rows())
        .groupBy(asked.values())
        .orderBy(
            Stream.concat(
                    Stream.of(sum(Asked.number(measure, BigDecimal.class)).desc()),
                    asked.values().stream().map(Field::asc))
                .toList())
        .limit(inline(limit))
        .fetch(asked::group);
  }

  private static List<Key> keys(Query query) {
    return IntStream.range(0, query.groupBy().size())
        .mapToObj(
            place -> {
              var type = KeyType.of(query.groupBy().get(place));
              var value = field(name(ROWS, key(place)), type.type());
              return new Key(value, type.text(value).as(key(place)));
            })
        .toList();
  }

  private static String key(int place) {
    return "key_" + place;
  }

  private static Select<Record> select(UUID tenantId, Query query, Source source) {
    var from = SourceTable.of(source);
    var columns = new ArrayList<Field<?>>();
    for (var place = 0; place < query.groupBy().size(); place++) {
      columns.add(from.key(query.groupBy().get(place), query).as(key(place)));
    }
    columns.add(from.field("events", Long.class));
    columns.add(from.field("unpriced_events", Long.class));
    columns.add(from.field("input_tokens", BigDecimal.class));
    columns.add(from.field("output_tokens", BigDecimal.class));
    columns.add(from.field("cost", BigDecimal.class));
    return DSL.select(columns).from(from.table()).where(from.matches(tenantId, query));
  }
}
