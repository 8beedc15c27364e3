package dev.agentserver.kit.db;

import dev.agentserver.kit.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;

/// Asks PostgreSQL whether it is there, on a connection of its own: a pool that is busy is no
/// outage.
public final class Ping implements AutoCloseable {
  private static final int SECONDS = 1;

  private final DatabaseConfig config;
  private final AtomicReference<Connection> idle = new AtomicReference<>();

  public Ping(DatabaseConfig config) {
    this.config = config;
  }

  /// Returns when PostgreSQL answered, and throws when it did not.
  public void run() throws SQLException {
    var connection = idle.getAndSet(null);
    if (connection == null) {
      connection = connect();
    }
    if (!connection.isValid(SECONDS)) {
      connection.close();
      // It may have been restarted since.
      connection = connect();
    }
    var other = idle.getAndSet(connection);
    if (other != null) {
      other.close();
    }
  }

  private Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", config.runtimeUser());
    properties.setProperty("password", config.runtimePassword().value());
    properties.setProperty("ApplicationName", config.schema() + " health");
    properties.setProperty("connectTimeout", String.valueOf(SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(SECONDS));
    return DriverManager.getConnection(config.url(), properties);
  }

  @Override
  public void close() throws SQLException {
    var connection = idle.getAndSet(null);
    if (connection != null) {
      connection.close();
    }
  }
}
