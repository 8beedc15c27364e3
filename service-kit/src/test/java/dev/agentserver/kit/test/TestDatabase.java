package dev.agentserver.kit.test;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.DatabaseRoles;
import dev.agentserver.kit.db.Migrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.exception.DataAccessException;

/// A database of its own for a test class: roles made, schema migrated, pool open.
public final class TestDatabase implements AutoCloseable {
  private static final String ADMIN = "postgres";
  private static final AtomicInteger COUNT = new AtomicInteger();

  /// Schema → a migrated database that fresh ones are copied from: a copy costs a tenth of a
  /// migration.
  private static final Map<String, String> TEMPLATES = new HashMap<>();

  private final DatabaseConfig config;
  private final Database database;

  private TestDatabase(DatabaseConfig config) {
    this.config = config;
    this.database = Database.open(config);
  }

  /// A new database with this schema migrated. `others` are schemas beside it that stay empty, each
  /// with its roles.
  public static TestDatabase fresh(String schema, String... others) {
    var name = schema + "_" + COUNT.incrementAndGet();
    execute(ADMIN, "create database " + name + " template " + template(schema));
    for (var other : others) {
      provision(config(name, other));
    }
    var config = config(name, schema);
    provision(config);
    return new TestDatabase(config);
  }

  /// A new database in which the roles and the empty schema are made, and nothing is migrated.
  public static DatabaseConfig unmigrated(String schema) {
    var name = schema + "_" + COUNT.incrementAndGet();
    execute(ADMIN, "create database " + name);
    var config = config(name, schema);
    provision(config);
    return config;
  }

  private static synchronized String template(String schema) {
    return TEMPLATES.computeIfAbsent(
        schema,
        _ -> {
          var config = unmigrated(schema);
          Migrations.migrate(config);
          return config.url().substring(config.url().lastIndexOf('/') + 1);
        });
  }

  private static DatabaseConfig config(String database, String schema) {
    return new DatabaseConfig(
        PostgresFixture.url(database),
        schema,
        schema + "_runtime",
        new Secret("runtime"),
        schema + "_owner",
        new Secret("owner"),
        8,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  private static void provision(DatabaseConfig config) {
    DatabaseRoles.provision(config.url(), ADMIN, ADMIN, config);
  }

  /// The service's way to it, as the runtime role.
  public Database database() {
    return database;
  }

  public DatabaseConfig config() {
    return config;
  }

  /// Runs statements as the superuser, with the schema in the search path.
  public void sql(String script) {
    rows(script);
  }

  /// Runs a query as the superuser and returns the first column of each row, as text.
  public List<String> rows(String query) {
    try (var connection = superuser();
        var statement = connection.createStatement()) {
      var column = new ArrayList<String>();
      if (statement.execute(query)) {
        var rows = statement.getResultSet();
        while (rows.next()) {
          column.add(rows.getString(1));
        }
      }
      return column;
    } catch (SQLException failure) {
      throw new DataAccessException(query, failure);
    }
  }

  /// A connection as the superuser, for the caller to close.
  public Connection superuser() throws SQLException {
    var connection = DriverManager.getConnection(config.url(), ADMIN, ADMIN);
    connection.setSchema(config.schema());
    return connection;
  }

  /// How many statements the service's code ran while `work` ran; background work counts too.
  public int statements(Runnable work) {
    var before = database.slowQueries().calls();
    work.run();
    return Math.toIntExact(database.slowQueries().calls() - before);
  }

  private static void execute(String databaseName, String statement) {
    try (var connection =
            DriverManager.getConnection(PostgresFixture.url(databaseName), ADMIN, ADMIN);
        var session = connection.createStatement()) {
      session.execute(statement);
    } catch (SQLException failure) {
      throw new DataAccessException(statement, failure);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
