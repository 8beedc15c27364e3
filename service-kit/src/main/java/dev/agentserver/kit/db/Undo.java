package dev.agentserver.kit.db;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.agentserver.kit.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/// Runs `U` files: each takes back the `V` file of the same number and name, and its line in the
/// history, in one transaction.
final class Undo implements AutoCloseable {
  private static final Field<Integer> RANK = field(name("installed_rank"), Integer.class);
  private static final Field<String> VERSION = field(name("version"), String.class);
  private static final Field<String> SCRIPT = field(name("script"), String.class);
  private static final Field<String> TYPE = field(name("type"), String.class);

  private final Connection connection;

  private Undo(Connection connection) {
    this.connection = connection;
  }

  static Undo open(DatabaseConfig config) {
    try {
      var connection =
          DriverManager.getConnection(
              config.url(), config.ownerUser(), config.ownerPassword().value());
      connection.setSchema(config.schema());
      connection.setAutoCommit(false);
      return new Undo(connection);
    } catch (SQLException failure) {
      throw new DataAccessException("cannot connect as owner", failure);
    }
  }

  /// Takes back up to `steps` migrations of one history, newest first.
  List<String> steps(String history, String location, int steps) {
    var done = new ArrayList<String>();
    while (done.size() < steps) {
      var undone = newest(history, location);
      if (undone.isEmpty()) {
        break;
      }
      done.add(undone.get());
    }
    return done;
  }

  private Optional<String> newest(String history, String location) {
    var db = DSL.using(connection, SQLDialect.POSTGRES);
    var applied =
        db.select(RANK, SCRIPT)
            .from(table(name(history)))
            .where(TYPE.eq("SQL").and(VERSION.isNotNull()))
            .orderBy(RANK.desc())
            .limit(1)
            .forUpdate()
            .fetchOptional();
    if (applied.isEmpty()) {
      return Optional.empty();
    }
    var script = applied.get().get(SCRIPT);
    var twin = "U" + script.substring(script.lastIndexOf('/') + 1).substring(1);
    try (var statement = connection.createStatement()) {
      statement.execute(Scripts.read(location + "/" + twin));
      db.deleteFrom(table(name(history))).where(RANK.eq(applied.get().get(RANK))).execute();
      // What is said again after every change must be said again now too.
      db.deleteFrom(table(name(history))).where(VERSION.isNull().and(TYPE.eq("SQL"))).execute();
      connection.commit();
      return Optional.of(twin);
    } catch (SQLException failure) {
      throw new DataAccessException("cannot run " + twin, failure);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new DataAccessException("close", failure);
    }
  }
}
