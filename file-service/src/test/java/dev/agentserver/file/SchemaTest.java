package dev.agentserver.file;

import dev.agentserver.kit.test.MigrationRules;
import dev.agentserver.kit.test.SchemaRules;
import dev.agentserver.kit.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SchemaTest {
  @Test
  void everyKeyLeadsWithTheTenantAndEveryConstraintIsNamed() {
    try (var database = TestDatabase.fresh(Config.SCHEMA)) {
      SchemaRules.check(database);
    }
  }

  @Test
  void theExpectedCatalogueIsTheOneTheMigrationsMake() throws IOException {
    try (var database = TestDatabase.fresh(Config.SCHEMA)) {
      MigrationRules.checkCatalogue(database, Path.of("src", "main", "resources"));
    }
  }

  @Test
  void upDownUpGivesTheSameCatalogue() {
    MigrationRules.checkUpDownUp(Config.SCHEMA);
  }
}
