package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.db.SlowQueries.SlowQuery;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SlowQueriesTest {
  private static TestDatabase db;

  @BeforeAll
  static void open() {
    db = TestDatabase.fresh("kit");
  }

  @AfterAll
  static void close() {
    db.close();
  }

  @Test
  void statementsAreCountedAndTheSlowestIsFirst() {
    assertThat(db.statements(() -> run("select 1"))).isEqualTo(1);
    run("select pg_sleep(0.2)");
    var slowest = db.database().slowQueries().slowestFirst();
    assertThat(slowest).isSortedAccordingTo(Comparator.comparing(SlowQuery::total).reversed());
    assertThat(slowest)
        .filteredOn(query -> query.statement().contains("pg_sleep(0.2)"))
        .singleElement()
        .satisfies(
            query -> {
              assertThat(query.calls()).isEqualTo(1);
              assertThat(query.max()).isGreaterThanOrEqualTo(Duration.ofMillis(190));
              assertThat(query.total()).isEqualTo(query.max());
            });
  }

  @Test
  void oneStatementStaysOneWhateverTimesStandInIt() {
    run("select date '2026-11-20', timestamp with time zone '2026-11-20 00:00:00+00', 'one'");
    run("select date '2026-11-21', timestamp with time zone '2026-11-21 00:00:00+00', 'one'");
    assertThat(db.database().slowQueries().slowestFirst())
        .filteredOn(query -> query.statement().equals("select ?, ?, 'one'"))
        .singleElement()
        .satisfies(query -> assertThat(query.calls()).isEqualTo(2));
  }

  private static void run(String statement) {
    db.database().read(context -> context.fetch(statement));
  }
}
