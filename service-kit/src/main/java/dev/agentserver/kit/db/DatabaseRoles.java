package dev.agentserver.kit.db;

import dev.agentserver.kit.config.AdminConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;

/// Makes the two roles of a schema and the schema itself, as an administrator. Safe to repeat.
///
/// The owner migrates. The runtime role serves: it sees its own schema and no other.
public final class DatabaseRoles {
  private static final String SETTINGS =
      """
      select set_config('provision.schema', ?, true), set_config('provision.owner', ?, true),
        set_config('provision.owner_password', ?, true), set_config('provision.runtime', ?, true),
        set_config('provision.runtime_password', ?, true), set_config('provision.statement_timeout', ?, true)""";

  private DatabaseRoles() {}

  /// Makes them as this administrator.
  public static void provision(AdminConfig administrator, DatabaseConfig config) {
    provision(administrator.url(), administrator.user(), administrator.password().value(), config);
  }

  /// @param adminUrl the database that holds the schema
  public static void provision(
      String adminUrl, String adminUser, String adminPassword, DatabaseConfig config) {
    try (var connection = DriverManager.getConnection(adminUrl, adminUser, adminPassword)) {
      connection.setAutoCommit(false);
      // Names and passwords reach the script as settings of this transaction, never as its text.
      try (var settings = connection.prepareStatement(SETTINGS)) {
        settings.setString(1, config.schema());
        settings.setString(2, config.ownerUser());
        settings.setString(3, config.ownerPassword().value());
        settings.setString(4, config.runtimeUser());
        settings.setString(5, config.runtimePassword().value());
        settings.setString(6, String.valueOf(config.statementTimeout().toMillis()));
        settings.execute();
      }
      try (var statement = connection.createStatement()) {
        statement.execute(Scripts.read("db/access/provision.sql"));
      }
      connection.commit();
    } catch (SQLException failure) {
      throw new DataAccessException("cannot provision schema " + config.schema(), failure);
    }
  }
}
