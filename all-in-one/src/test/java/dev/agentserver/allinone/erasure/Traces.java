package dev.agentserver.allinone.erasure;

import dev.agentserver.kit.test.TestDatabase;
import java.util.List;
import java.util.Set;

/// Looks for an id in every column of every table that there is, as the catalogue of the database
/// names them.
record Traces(TestDatabase database, Set<String> kept) {
  private static final String COLUMNS =
      """
      select c.table_name || '.' || c.column_name || '.' || c.data_type from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = '%s' and t.table_type = 'BASE TABLE'
        and c.data_type in ('uuid', 'text', 'jsonb', 'bytea', 'ARRAY')
      order by 1""";

  /// The columns, each as table.column, in which the id is found, and how often.
  List<String> of(Object id) {
    return database.rows(COLUMNS.formatted(database.config().schema())).stream()
        .map(column -> column.split("\\."))
        .filter(column -> !kept.contains(column[0]) && !kept.contains(column[0] + "." + column[1]))
        .map(column -> column[0] + "." + column[1] + " " + count(column, id))
        .filter(found -> !found.endsWith(" 0"))
        .toList();
  }

  private String count(String[] column, Object id) {
    var which =
        column[2].equals("bytea")
            ? "position(convert_to('%s', 'UTF8') in %s) > 0".formatted(id, column[1])
            : "%s::text like '%%%s%%'".formatted(column[1], id);
    return database.rows("select count(*) from %s where %s".formatted(column[0], which)).getFirst();
  }
}
