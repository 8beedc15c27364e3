package dev.agentserver.codegen;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/// A PostgreSQL that lives as long as one generation.
final class ScratchPostgres implements AutoCloseable {
  static final String SCHEMA = "generated";

  private static final String NAMES =
      """
      select relname from pg_catalog.pg_class
      where relnamespace = 'generated'::regnamespace and relkind in ('r', 'p', 'v') and not relispartition
        and relname not like 'history\\_%'
      union
      select proname from pg_catalog.pg_proc
      where pronamespace = 'generated'::regnamespace and prorettype <> 'trigger'::regtype""";

  private static final String SEARCH_COLUMNS =
      """
      select c.relname || '.' || a.attname from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'generated'::regnamespace and a.atttypid = 'tsvector'::regtype and c.relkind in ('r', 'p')""";

  private final EmbeddedPostgres server;

  private ScratchPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  static ScratchPostgres start() throws IOException {
    // The binaries are unpacked to a directory that later builds use again, but not one shared with
    // other users.
    var binaries = Path.of(System.getProperty("user.home"), ".cache", "agentserver", "postgresql");
    Files.createDirectories(binaries);
    return new ScratchPostgres(
        EmbeddedPostgres.builder().setOverrideWorkingDirectory(binaries.toFile()).start());
  }

  String url() {
    return server.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + SCHEMA;
  }

  /// Applies the directories in order, each with a history of its own, as the services do.
  ///
  /// @return the tables, views and functions that the last directory added
  Set<String> migrate(List<Path> directories) throws SQLException {
    execute("create schema " + SCHEMA);
    // Provisioning brings it for every service.
    execute("create extension btree_gist with schema public");
    Set<String> before = Set.of();
    for (var i = 0; i < directories.size(); i++) {
      before = names(NAMES);
      flyway(directories.get(i), "history_" + i).migrate();
    }
    var added = names(NAMES);
    added.removeAll(before);
    return added;
  }

  /// The columns that jOOQ has no type for, as `table.column`.
  Set<String> searchColumns() throws SQLException {
    return names(SEARCH_COLUMNS);
  }

  private Flyway flyway(Path directory, String history) {
    var configuration =
        Flyway.configure()
            .dataSource(url(), "postgres", "postgres")
            .defaultSchema(SCHEMA)
            .createSchemas(false)
            .loggers("slf4j")
            .table(history)
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .locations("filesystem:" + directory);
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  private Set<String> names(String query) throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var names = new TreeSet<String>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
