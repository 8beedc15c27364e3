package dev.agentserver.kit.db;

import dev.agentserver.kit.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/// Runs `U` files: each takes back the `V` file of the same number and name, and its line in the
/// history, in one transaction.
final class Undo implements AutoCloseable {
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
  List<String> steps(SchemaHistory history, String location, int steps) {
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

  private Optional<String> newest(SchemaHistory history, String location) {
    var db = DSL.using(connection, SQLDialect.POSTGRES);
    var applied = history.newest(db);
    if (applied.isEmpty()) {
      return Optional.empty();
    }
    var script = applied.get().script();
    var twin = "U" + script.substring(script.lastIndexOf('/') + 1).substring(1);
    // The line goes first: another process that undoes the same waits for it, and then finds it
    // gone.
    if (!history.forget(db, applied.get())) {
      throw new IllegalStateException(script + " is being undone by another process");
    }
    try (var statement = connection.createStatement()) {
      statement.execute(Scripts.read(location + "/" + twin));
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
