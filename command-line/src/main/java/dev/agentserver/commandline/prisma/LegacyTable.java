package dev.agentserver.commandline.prisma;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A table as the catalogue shows it. Prisma's own names are `"Conversation"."userId"`; with
/// `@@map` and `@map` they are `conversations.user_id`. Letter case, underscores and a plural are
/// overlooked.
///
/// @param columns the names in the database by the plain ones, for example `userid`
record LegacyTable(String schema, String name, Map<String, String> columns) {
  private static final String TABLES =
      """
      select n.nspname, c.relname, a.attname
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid
      where c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema')
      order by n.nspname <> current_schema(), n.nspname, c.relname, a.attnum
      """;

  /// Finds the tables of that model and its columns.
  static Optional<LegacyTable> find(Connection connection, String model) throws SQLException {
    var wanted = plain(model);
    LegacyTable found = null;
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        var table = plain(rows.getString(2));
        if (!table.equals(wanted) && !table.equals(plural(wanted))) {
          continue;
        }
        if (found == null) {
          found = new LegacyTable(rows.getString(1), rows.getString(2), new LinkedHashMap<>());
        }
        if (found.schema.equals(rows.getString(1)) && found.name.equals(rows.getString(2))) {
          found.columns.put(plain(rows.getString(3)), rows.getString(3));
        }
      }
    }
    return Optional.ofNullable(found);
  }

  private static String plural(String model) {
    return model.endsWith("s") ? model : model + "s";
  }

  /// The name in the database, quoted.
  String quoted() {
    return quoted(schema) + "." + quoted(name);
  }

  /// A column, quoted.
  String column(String plain) {
    var column = columns.get(plain);
    if (column == null) {
      throw new IllegalStateException(quoted() + " has no column " + plain);
    }
    return quoted(column);
  }

  boolean has(String plain) {
    return columns.containsKey(plain);
  }

  /// The row with the plain names of its columns.
  Map<String, Object> row(ResultSet rows) throws SQLException {
    var row = new LinkedHashMap<String, Object>();
    var types = rows.getMetaData();
    for (var i = 1; i <= types.getColumnCount(); i++) {
      var value = Values.read(rows, i, types.getColumnTypeName(i));
      if (value != null) {
        row.put(plain(types.getColumnName(i)), value);
      }
    }
    return row;
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
