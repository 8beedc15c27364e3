package dev.agentserver.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.test.MigrationRules;
import dev.agentserver.kit.test.SchemaRules;
import dev.agentserver.kit.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {
  @Test
  void everyKeyLeadsWithTheTenantAndEveryConstraintIsNamed() {
    try (var database = TestDatabase.fresh(Config.SCHEMA)) {
      SchemaRules.check(
          database,
          "service_principal",
          "signing_key",
          "revocation",
          "revocation_head",
          "master_key",
          "master_key_version",
          "rewrap");
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

  @Test
  void theRuntimeRoleIsRefusedOnEveryOtherSchema() throws SQLException {
    try (var database = TestDatabase.fresh(Config.SCHEMA, "conversation", "file", "agent_run")) {
      for (var schema : List.of("conversation", "file", "agent_run")) {
        database.sql("create table " + schema + ".secret (id int)");
      }
      var config = database.config();
      try (var connection =
              DriverManager.getConnection(
                  config.url(), config.runtimeUser(), config.runtimePassword().value());
          var statement = connection.createStatement()) {
        assertThat(statement.execute("select count(*) from settings.user_account")).isTrue();
        for (var schema : List.of("conversation", "file", "agent_run")) {
          assertThatThrownBy(() -> statement.execute("select * from " + schema + ".secret"))
              .isInstanceOf(SQLException.class)
              .hasMessageContaining("permission denied for schema " + schema);
        }
        assertThatThrownBy(() -> statement.execute("create table settings.mine (id int)"))
            .hasMessageContaining("permission denied");
      }
    }
  }
}
