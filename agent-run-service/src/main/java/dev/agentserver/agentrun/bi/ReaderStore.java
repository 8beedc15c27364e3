package dev.agentserver.agentrun.bi;

import dev.agentserver.kit.config.AdminConfig;
import dev.agentserver.kit.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;

/// Makes database roles that read the `bi_` views, as an administrator. Safe to repeat.
///
/// A role sees the rows of the tenants it was made for, and nothing else of the database.
public final class ReaderStore {
  private static final String SETTINGS =
      """
      select set_config('reader.schema', ?, true), set_config('reader.name', ?, true),
        set_config('reader.password', ?, true), set_config('reader.tenant', ?, true)""";

  private ReaderStore() {}

  /// Fails where a role of that name is there for something else.
  public static void provision(
      AdminConfig admin, String schema, String name, Secret password, UUID tenantId)
      throws SQLException {
    try (var connection =
        DriverManager.getConnection(admin.url(), admin.user(), admin.password().value())) {
      connection.setAutoCommit(false);
      // Name and password reach the script as settings of this transaction, never as its text.
      try (var settings = connection.prepareStatement(SETTINGS)) {
        settings.setString(1, schema);
        settings.setString(2, name);
        settings.setString(3, password.value());
        settings.setString(4, tenantId.toString());
        settings.execute();
      }
      try (var statement = connection.createStatement()) {
        statement.execute(script());
      }
      connection.commit();
    }
  }

  private static String script() {
    try (var stream = ReaderStore.class.getResourceAsStream("/db/bi/reader.sql")) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
