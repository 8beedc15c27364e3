package dev.agentserver.commandline.prisma;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Where a legacy database is, and as whom.
public record LegacyAccess(String url, @Nullable String user, @Nullable String password) {
  /// User and password of the environment: on the command line everybody would see them.
  public static LegacyAccess of(String url) {
    return new LegacyAccess(
        url, System.getenv("LEGACY_DB_USER"), System.getenv("LEGACY_DB_PASSWORD"));
  }

  Connection open() throws IOException {
    var properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "agentctl");
    try {
      var connection = DriverManager.getConnection(url, properties);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException failure) {
      throw new IOException("the database does not answer: " + failure.getMessage(), failure);
    }
  }

  @Override
  public String toString() {
    return url;
  }
}
