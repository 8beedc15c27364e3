package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final Table<?> ITEM = table(name("item"));
  private static final Field<UUID> TENANT_ID = field(name("tenant_id"), UUID.class);
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<String> NAME = field(name("name"), String.class);
  private static final Field<Integer> COUNT = field(name("count"), Integer.class);

  private static TestDatabase db;

  @BeforeAll
  static void open() {
    db = TestDatabase.fresh("kit");
  }

  @AfterAll
  static void close() {
    db.close();
  }

  @BeforeEach
  void empty() {
    db.sql("delete from item");
  }

  @Test
  void aWriteCommitsWhenItReturns() {
    var written = db.database().write(context -> insert(context, "apple"));
    assertThat(written).isEqualTo("apple");
    assertThat(names()).containsExactly("apple");
  }

  @Test
  void aWriteThatThrowsLeavesNothing() {
    assertThatThrownBy(
            () ->
                db.database()
                    .write(
                        context -> {
                          insert(context, "apple");
                          throw Problem.invalid("name", "is bad");
                        }))
        .isInstanceOf(ProblemException.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void readsSeeTheSchemaWithoutNamingIt() {
    db.database().write(context -> insert(context, "apple"));
    var read = db.database().read(context -> context.select(NAME).from(ITEM).fetch(NAME));
    assertThat(read).containsExactly("apple");
  }

  @Test
  void whatIsToBeDoneAfterTheCommitIsDoneOnceAndOnlyThen() {
    var seen = new ArrayList<List<String>>();
    db.database()
        .write(
            context -> {
              Database.afterCommit(context, () -> seen.add(names()));
              return insert(context, "apple");
            });
    assertThat(seen).containsExactly(List.of("apple"));
    assertThatThrownBy(
            () ->
                db.database()
                    .write(
                        context -> {
                          Database.afterCommit(context, () -> seen.add(List.of()));
                          throw new IllegalStateException("no");
                        }))
        .hasMessage("no");
    assertThat(seen).hasSize(1);
  }

  @Test
  void aSnapshotIsOfOneMoment() {
    var counts =
        db.database()
            .snapshot(
                context -> {
                  var before = context.fetchCount(ITEM);
                  db.sql(
                      "insert into item (tenant_id, id, name) select gen_random_uuid(), gen_random_uuid(), 'x'");
                  return List.of(before, context.fetchCount(ITEM));
                });
    assertThat(counts).containsExactly(0, 0);
    assertThat(names()).containsExactly("x");
  }

  @Test
  void aSnapshotChangesNothingAndLeavesItsConnectionAsItWas() {
    assertThatThrownBy(() -> db.database().snapshot(context -> insert(context, "apple")))
        .hasMessageContaining("read-only transaction");
    assertThatThrownBy(
            () ->
                db.database()
                    .snapshot(
                        context -> {
                          Database.afterCommit(context, () -> {});
                          return true;
                        }))
        .isInstanceOf(IllegalStateException.class);
    for (var i = 0; i < 20; i++) {
      var name = "apple-" + i;
      db.database().write(context -> insert(context, name));
    }
    assertThat(names()).hasSize(20);
  }

  @Test
  void outsideAWriteNothingCanWaitForACommit() {
    assertThatThrownBy(
            () ->
                db.database()
                    .read(
                        context -> {
                          Database.afterCommit(context, () -> {});
                          return true;
                        }))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void twoWritesThatDeadlockAreBothDoneInTheEnd() throws Exception {
    db.database().write(context -> insert(context, "apple"));
    db.database().write(context -> insert(context, "pear"));
    var tries = new AtomicInteger();
    var met = new CyclicBarrier(2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(() -> countBoth("apple", "pear", tries, met));
      var other = threads.submit(() -> countBoth("pear", "apple", tries, met));
      one.get();
      other.get();
    }
    assertThat(tries.get()).isGreaterThan(2);
    assertThat(db.rows("select count from item")).containsExactly("2", "2");
  }

  private static Boolean countBoth(
      String first, String second, AtomicInteger tries, CyclicBarrier met) {
    return db.database()
        .write(
            context -> {
              count(context, first);
              if (tries.incrementAndGet() <= 2) {
                meet(met);
              }
              count(context, second);
              return true;
            });
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void aConnectionLostBeforeTheCommitCostsNothing() {
    var tries = new AtomicInteger();
    db.database()
        .write(
            context -> {
              insert(context, "apple");
              if (tries.incrementAndGet() == 1) {
                killOthers();
              }
              return insert(context, "pear");
            });
    assertThat(tries).hasValue(2);
    assertThat(names()).containsExactlyInAnyOrder("apple", "pear");
  }

  @Test
  void aConnectionLostAtTheCommitIsReportedAndNotTriedAgain() {
    var tries = new AtomicInteger();
    assertThatThrownBy(
            () ->
                db.database()
                    .write(
                        context -> {
                          tries.incrementAndGet();
                          insert(context, "apple");
                          killOthers();
                          return true;
                        }))
        .isInstanceOf(DataAccessException.class)
        .hasMessage("commit");
    assertThat(tries).hasValue(1);
    assertThat(names()).isEmpty();
  }

  @Test
  void readsSurviveARestartOfTheirConnections() {
    db.database().read(context -> context.selectOne().fetch());
    killOthers();
    var read = db.database().read(context -> context.selectOne().fetchSingle().value1());
    assertThat(read).isEqualTo(1);
  }

  @Test
  void aStatementEndsWithTheDeadlineOfItsCall() {
    assertThatThrownBy(
            () ->
                withDeadline(
                    Duration.ofMillis(300),
                    () ->
                        db.database().read(context -> context.fetch("select pg_sleep(20)").size())))
        .isInstanceOfSatisfying(
            DataAccessException.class, late -> assertThat(late.sqlState()).isEqualTo("57014"));
  }

  @Test
  void afterItsDeadlineACallRunsNoStatement() {
    assertThatThrownBy(
            () ->
                withDeadline(
                    Duration.ZERO, () -> db.database().write(context -> insert(context, "apple"))))
        .isInstanceOfSatisfying(
            DataAccessException.class, late -> assertThat(late.sqlState()).isEqualTo("57014"));
    assertThat(names()).isEmpty();
  }

  @Test
  void whenThePoolIsExhaustedACallIsRefusedFast() throws Exception {
    var mayEnd = new CountDownLatch(1);
    try (var small = Database.open(limited(1, Duration.ofMillis(250)));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new CountDownLatch(1);
      var holder =
          threads.submit(
              () ->
                  small.write(
                      context -> {
                        running.countDown();
                        Await.latch(mayEnd);
                        return true;
                      }));
      Await.latch(running);
      assertOverloaded(() -> small.read(context -> context.selectOne().fetch()));
      assertThat(small.pool().size()).isEqualTo(1);
      assertThat(small.pool().active()).isEqualTo(1);
      mayEnd.countDown();
      assertThat(holder.get()).isTrue();
      var read = small.read(context -> context.selectOne().fetch());
      assertThat(read).hasSize(1);
    }
  }

  @Test
  void withoutAServerACallFailsAsUnavailable() {
    var config = limited(1, Duration.ofMillis(250));
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
    try (var database = Database.open(nowhere)) {
      assertThatThrownBy(() -> database.read(context -> context.selectOne().fetch()))
          .satisfies(
              failure ->
                  assertThat(DatabaseFaults.problem(failure))
                      .containsInstanceOf(Problem.Unavailable.class));
    }
  }

  @Test
  void aBrokenConstraintIsKnownByItsName() {
    db.database().write(context -> insert(context, "apple"));
    assertThatThrownBy(() -> db.database().write(context -> insert(context, "apple")))
        .isInstanceOfSatisfying(
            DataAccessException.class,
            failure -> assertThat(Constraints.violated(failure)).contains("item_name_unique"));
    assertThatThrownBy(() -> db.database().write(context -> insert(context, "")))
        .isInstanceOfSatisfying(
            DataAccessException.class,
            failure -> assertThat(Constraints.violated(failure)).contains("item_name_check"));
    assertThatThrownBy(() -> db.database().read(context -> context.fetch("select nothing")))
        .isInstanceOfSatisfying(
            DataAccessException.class,
            failure -> assertThat(Constraints.violated(failure)).isEmpty());
  }

  @Test
  void metricsNameStatementsByVerbAndTable() {
    try (var metrics = new Metrics("test");
        var database = Database.open(db.config(), metrics)) {
      database.write(context -> insert(context, "apple"));
      assertThat(metrics.scrape())
          .contains("statement=\"insert item\"")
          .contains("agentserver_database_waiting")
          .contains("hikaricp_connections");
    }
  }

  private static DatabaseConfig limited(int poolSize, Duration acquireTimeout) {
    var config = db.config();
    return new DatabaseConfig(
        config.url(),
        config.schema(),
        config.runtimeUser(),
        config.runtimePassword(),
        config.ownerUser(),
        config.ownerPassword(),
        poolSize,
        acquireTimeout,
        config.statementTimeout());
  }

  private static void assertOverloaded(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused ->
                assertThat(refused.problem())
                    .isInstanceOfSatisfying(
                        Problem.Overloaded.class,
                        problem -> assertThat(problem.limit()).isEqualTo("database")));
  }

  private static void withDeadline(Duration left, Runnable work) {
    try (var timer = Executors.newSingleThreadScheduledExecutor()) {
      var context =
          Context.current()
              .withDeadline(Deadline.after(left.toMillis(), TimeUnit.MILLISECONDS), timer);
      try {
        context.run(work);
      } finally {
        context.cancel(null);
      }
    }
  }

  private static void killOthers() {
    db.rows(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
  }

  private static String insert(DSLContext context, String name) {
    context.insertInto(ITEM, TENANT_ID, ID, NAME).values(TENANT, UUID.randomUUID(), name).execute();
    return name;
  }

  private static void count(DSLContext context, String name) {
    context.update(ITEM).set(COUNT, COUNT.plus(1)).where(NAME.eq(name)).execute();
  }

  private static List<String> names() {
    return db.rows("select name from item");
  }
}
