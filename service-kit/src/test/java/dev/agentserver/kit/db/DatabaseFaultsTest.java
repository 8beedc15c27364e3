package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.problem.Problem;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFaultsTest {
  @ParameterizedTest
  @ValueSource(strings = {"08001", "08006", "57P01", "57P02", "57P03", "53300", "53100", "25006"})
  void aDatabaseThatIsAwayIsUnavailable(String state) {
    assertThat(DatabaseFaults.problem(new DataAccessException("x", new SQLException("x", state))))
        .get()
        .isInstanceOfSatisfying(
            Problem.Unavailable.class,
            problem -> assertThat(problem.dependency()).isEqualTo("database"));
  }

  @Test
  void aConnectionThatCannotBeHadIsUnavailable() {
    assertThat(
            DatabaseFaults.problem(
                new IllegalStateException(new SQLTransientConnectionException("x"))))
        .get()
        .isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void aStatementThatWasCancelledIsLate() {
    assertThat(DatabaseFaults.problem(new SQLException("x", "57014")))
        .get()
        .isInstanceOf(Problem.Refused.class);
    assertThat(DatabaseFaults.problem(new SQLTimeoutException("x")))
        .get()
        .isInstanceOf(Problem.Refused.class);
  }

  @Test
  void aConflictThatRetryingDidNotSettleIsOverload() {
    assertThat(DatabaseFaults.problem(new SQLException("x", "40001")))
        .get()
        .isInstanceOf(Problem.Overloaded.class);
  }

  @Test
  void everythingElseIsAFaultOfOurs() {
    assertThat(DatabaseFaults.problem(new SQLException("x", "42601"))).isEmpty();
    assertThat(DatabaseFaults.problem(new SQLException("x"))).isEmpty();
    assertThat(DatabaseFaults.problem(new IllegalStateException("x"))).isEmpty();
  }
}
