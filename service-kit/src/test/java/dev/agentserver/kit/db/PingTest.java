package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.test.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class PingTest {
  @Test
  void aPingAnswersAgainAfterItsConnectionWasCut() throws SQLException {
    try (var db = TestDatabase.fresh("kit");
        var ping = new Ping(db.config())) {
      assertThatCode(ping::run).doesNotThrowAnyException();
      db.rows(
          "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'kit health'");
      assertThatCode(ping::run).doesNotThrowAnyException();
    }
  }

  @Test
  void aPingFailsWhenNobodyAnswers() throws SQLException {
    try (var db = TestDatabase.fresh("kit")) {
      var config = db.config();
      var nowhere =
          new DatabaseConfig(
              "jdbc:postgresql://127.0.0.1:1/none",
              config.schema(),
              config.runtimeUser(),
              config.runtimePassword(),
              config.ownerUser(),
              config.ownerPassword(),
              1,
              config.acquireTimeout(),
              config.statementTimeout());
      try (var ping = new Ping(nowhere)) {
        assertThatThrownBy(ping::run).isInstanceOf(SQLException.class);
      }
    }
  }
}
