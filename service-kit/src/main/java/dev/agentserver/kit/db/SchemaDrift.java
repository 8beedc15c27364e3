package dev.agentserver.kit.db;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jooq.exception.DataAccessException;

/// Compares the schema as it is with the schema as its migrations make it.
///
/// What is expected lies beside the service's migrations, a line each table, column, constraint,
/// index, function, trigger and right. A test keeps it true: it migrates an empty database and
/// compares.
public final class SchemaDrift {
  private final Database database;
  private final String schema;

  public SchemaDrift(Database database, String schema) {
    this.database = database;
    this.schema = schema;
  }

  /// Where the expected lines of a schema lie on the class path.
  public static String resource(String schema) {
    return "db/migration/" + schema + "/catalogue.txt";
  }

  /// The lines of the live schema, sorted.
  public List<String> live() {
    return database.read(
        db ->
            db.connectionResult(
                connection -> {
                  try (var statement = connection.createStatement();
                      var rows = statement.executeQuery(Scripts.read("db/access/catalogue.sql"))) {
                    var lines = new ArrayList<String>();
                    while (rows.next()) {
                      lines.add(rows.getString(1).strip().replaceAll("\\s+", " "));
                    }
                    lines.sort(null);
                    return List.copyOf(lines);
                  } catch (SQLException failure) {
                    throw new DataAccessException("cannot read the catalogue", failure);
                  }
                }));
  }

  /// The lines that the migrations make.
  public List<String> expected() {
    return Scripts.read(resource(schema)).lines().filter(line -> !line.isBlank()).toList();
  }

  /// What differs: `+` is there and should not be, `-` should be there and is not. Empty: in sync.
  public List<String> differences() {
    return differences(expected(), live());
  }

  static List<String> differences(List<String> expected, List<String> live) {
    var differences = new ArrayList<String>();
    var wanted = new HashSet<>(expected);
    var found = new HashSet<>(live);
    expected.stream()
        .filter(line -> !found.contains(line))
        .forEach(line -> differences.add("-" + line));
    live.stream()
        .filter(line -> !wanted.contains(line))
        .forEach(line -> differences.add("+" + line));
    return List.copyOf(differences);
  }
}
