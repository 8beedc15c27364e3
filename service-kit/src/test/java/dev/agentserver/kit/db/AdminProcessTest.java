package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.agentserver.kit.test.TestDatabase;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

class AdminProcessTest {
  @Test
  void whatTheDatabaseRefusesIsSaidWithoutTheStatement() {
    try (var db = TestDatabase.fresh("kit")) {
      var refused =
          catchThrowable(
              () -> db.database().read(context -> context.fetch("select 1 from nowhere")));

      assertThat(AdminProcess.said(refused))
          .isEqualTo("ERROR: relation \"nowhere\" does not exist");
    }
  }

  @Test
  void whatCausedAFailureIsSaidOnce() {
    var cause = new SQLException("no route\nto the host");

    assertThat(AdminProcess.said(new DataAccessException("cannot provision", cause)))
        .isEqualTo("cannot provision: no route");
    assertThat(AdminProcess.said(new DataAccessException("there is no route", cause)))
        .isEqualTo("there is no route");
  }
}
