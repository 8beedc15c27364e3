package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.test.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolesTest {
  private static TestDatabase db;
  private static DatabaseConfig config;

  @BeforeAll
  static void open() {
    db = TestDatabase.fresh("kit", "neighbour");
    config = db.config();
    db.sql("create table neighbour.secret (value text); insert into neighbour.secret values ('s')");
    db.sql("grant select on neighbour.secret to neighbour_runtime");
    db.sql("create table public.loose (value text)");
  }

  @AfterAll
  static void close() {
    db.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from neighbour.secret",
        "create table neighbour.mine (id int)",
        "select * from public.loose",
        "create table public.mine (id int)"
      })
  void neitherRoleOfOneSchemaReachesAnother(String statement) {
    assertRefused(config.runtimeUser(), "runtime", statement);
    assertRefused(config.ownerUser(), "owner", statement);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table mine (id int)",
        "alter table item add column extra int",
        "drop table item",
        "truncate item",
        "create temporary table mine (id int)",
        "update audit_entry set reason = 'x'",
        "delete from audit_entry",
        "truncate audit_entry",
        "alter table audit_entry disable trigger all",
        "update audit_head set last_position = 9",
        "delete from schema_history",
        "update kit_schema_history set checksum = 1",
        "set role kit_owner",
        "create role mine"
      })
  void theRuntimeRoleServesAndCanDoNoMore(String statement) {
    assertRefused(config.runtimeUser(), "runtime", statement);
  }

  @Test
  void theOwnersFunctionsAreNotForEverybody() {
    db.sql("grant usage on schema kit to neighbour_runtime");
    assertRefused("neighbour_runtime", "runtime", "select kit.number_audit_entries(1)");
    db.sql("revoke usage on schema kit from neighbour_runtime");
  }

  @Test
  void aStatementThatRunsTooLongIsStopped() throws SQLException {
    try (var connection =
            DriverManager.getConnection(config.url(), config.runtimeUser(), "runtime");
        var statement = connection.createStatement()) {
      var rows = statement.executeQuery("show statement_timeout");
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("30s");
    }
  }

  private static void assertRefused(String user, String password, String statement) {
    assertThatThrownBy(
            () -> {
              try (var connection = DriverManager.getConnection(config.url(), user, password);
                  var session = connection.createStatement()) {
                session.execute(statement);
              }
            })
        .as(user + ": " + statement)
        .isInstanceOfSatisfying(
            SQLException.class, refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
  }
}
