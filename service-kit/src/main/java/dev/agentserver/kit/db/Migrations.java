package dev.agentserver.kit.db;

import dev.agentserver.kit.config.DatabaseConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/// Brings a schema to the state its migrations describe, as the owner role.
///
/// The kit's tables come first, from `db/kit`; then the service's, from `db/migration/<schema>`:
/// the schema is part of the path because several services share one class path in the all-in-one.
/// Each has a history of its own.
public final class Migrations {
  private static final String KIT_HISTORY = "kit_schema_history";
  private static final String HISTORY = "schema_history";
  private static final String KIT = "db/kit";

  private Migrations() {}

  /// Applies what is missing. Processes that start together wait for each other. Fails, and so
  /// stops the service's start, when an applied file was changed, removed or is out of order.
  public static void migrate(DatabaseConfig config) {
    try (var _ = MigrationTurn.await(config)) {
      flyway(config, KIT, KIT_HISTORY).migrate();
      flyway(config, own(config), HISTORY).migrate();
    }
  }

  /// Takes back the newest `steps` migrations by their `U` twins: the service's first, then the
  /// kit's.
  ///
  /// @return the files that ran, in order
  public static List<String> undo(DatabaseConfig config, int steps) {
    try (var undo = Undo.open(config)) {
      var service = undo.steps(SchemaHistory.of(HISTORY), own(config), steps);
      var kit = undo.steps(SchemaHistory.of(KIT_HISTORY), KIT, steps - service.size());
      return Stream.concat(service.stream(), kit.stream()).toList();
    }
  }

  /// The newest of the service's migrations that is applied; empty when none is.
  public static String version(Database database) {
    return database
        .read(db -> SchemaHistory.of(HISTORY).newest(db))
        .map(SchemaHistory.Applied::version)
        .orElse("");
  }

  private static String own(DatabaseConfig config) {
    return "db/migration/" + config.schema();
  }

  private static Flyway flyway(DatabaseConfig config, String location, String history) {
    var flyway =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(config.url(), config.ownerUser(), config.ownerPassword().value())
            .defaultSchema(config.schema())
            .createSchemas(false)
            .table(history)
            // The schema is never empty for the second history.
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .locations("classpath:" + location, "classpath:db/access")
            .failOnMissingLocations(true)
            .placeholders(Map.of("runtime", config.runtimeUser()));
    // Otherwise `create index concurrently` waits for Flyway's own transaction for ever.
    flyway
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return flyway.load();
  }
}
