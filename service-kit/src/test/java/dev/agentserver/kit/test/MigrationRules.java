package dev.agentserver.kit.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.db.SchemaDrift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What every service's migrations keep to.
public final class MigrationRules {
  private static final int ALL = Integer.MAX_VALUE;

  private MigrationRules() {}

  /// Asserts that everything can be taken back, and that doing it all again makes the same
  /// catalogue.
  public static void checkUpDownUp(String schema) {
    var config = TestDatabase.unmigrated(schema);
    Migrations.migrate(config);
    var first = catalogue(config);
    assertThat(first).isNotEmpty();
    assertThat(Migrations.undo(config, ALL)).isNotEmpty();
    assertThat(catalogue(config)).isEmpty();
    Migrations.migrate(config);
    assertThat(catalogue(config)).isEqualTo(first);
  }

  /// Asserts that the committed catalogue is what the migrations make. With
  /// `-Dcatalogue.write=true` it is written instead.
  ///
  /// @param resources the directory of the module's resources
  public static void checkCatalogue(TestDatabase database, Path resources) throws IOException {
    var drift = new SchemaDrift(database.database(), database.config().schema());
    if (Boolean.getBoolean("catalogue.write")) {
      var file = resources.resolve(SchemaDrift.resource(database.config().schema()));
      Files.write(file, drift.live());
      return;
    }
    assertThat(drift.differences())
        .as("the committed catalogue; -Dcatalogue.write=true writes it anew")
        .isEmpty();
  }

  private static List<String> catalogue(DatabaseConfig config) {
    try (var database = Database.open(config)) {
      return new SchemaDrift(database, config.schema()).live();
    }
  }
}
