package dev.agentserver.kit.db;

import dev.agentserver.kit.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// A connection of its own for what processes tell each other through PostgreSQL: short texts on a
/// channel. A pooled connection would be lent on with its channels, and a transaction that notifies
/// takes a lock on the whole server when it commits.
public final class NoticeConnection implements AutoCloseable {
  private static final String SEND = "select pg_notify(?, text) from unnest(?) text";
  private static final int SECONDS = 5;

  private final Connection connection;

  private NoticeConnection(Connection connection) {
    this.connection = connection;
  }

  /// @param purpose is seen in `pg_stat_activity`, after the schema's name
  public static NoticeConnection open(DatabaseConfig config, String purpose) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", config.runtimeUser());
    properties.setProperty("password", config.runtimePassword().value());
    properties.setProperty("ApplicationName", config.schema() + " " + purpose);
    properties.setProperty("connectTimeout", String.valueOf(SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    return new NoticeConnection(DriverManager.getConnection(config.url(), properties));
  }

  /// Hears a channel from now on.
  public void listen(String channel) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen " + statement.enquoteIdentifier(channel, true));
    }
  }

  /// Sends texts of less than 8,000 bytes each, all in one transaction.
  public void send(String channel, List<String> texts) throws SQLException {
    var array = connection.createArrayOf("text", texts.toArray());
    try (var statement = connection.prepareStatement(SEND)) {
      statement.setString(1, channel);
      statement.setArray(2, array);
      statement.execute();
    } finally {
      array.free();
    }
  }

  /// Waits for texts; none when `patience` ends before one comes.
  public List<String> receive(Duration patience) throws SQLException {
    var notices = connection.unwrap(PGConnection.class).getNotifications((int) patience.toMillis());
    return notices == null
        ? List.of()
        : Stream.of(notices).map(PGNotification::getParameter).toList();
  }

  /// Throws when the server does not answer: a peer that is gone without a word looks like silence.
  public void check() throws SQLException {
    if (!connection.isValid(SECONDS)) {
      throw new SQLException("the connection is broken", "08006");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
