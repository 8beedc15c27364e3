package dev.agentserver.e2e.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.VerifyLedgerRequest;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.ledger.Books.Stored;
import dev.agentserver.e2e.ledger.Books.Usage;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Death;
import dev.agentserver.e2e.server.Patient;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// 64 write usage and reserve from 16 budgets, half of which are made meanwhile, and the process
/// and PostgreSQL are killed with -9: twice, or `e2e.kills` times. `-De2e.seed` repeats a run, as
/// far as chance is ours.
class LedgerCrashTest {
  private static final int KILLS = Integer.getInteger("e2e.kills", 2);
  private static final long SEED = Long.getLong("e2e.seed", System.nanoTime());
  private static final int WRITERS = 64;
  private static final int USERS = 15;
  private static final int WRITES = 200;
  private static final int PAGE = 100;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  @TempDir Path data;

  private final Books books = new Books();
  private final List<Login> logins = new ArrayList<>();
  private final List<CompletableFuture<Void>> working = new ArrayList<>();
  private volatile boolean stopped;

  private Patient patient;
  private User owner;
  private Treasurer treasurer;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void nothingIsLostOrCountedTwiceAndNoBudgetIsOverspentWhateverDies() {
    System.out.printf("seed %d: %d kills%n", SEED, KILLS);
    patient = new Patient(data);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      owner = User.owner(patient.server(), 1);
      treasurer = new Treasurer(owner);
      Price.write(owner);
      for (var n = 0; n < USERS; n++) {
        logins.add(new Login(patient.server(), "spender-" + n));
      }
      var database = Database.of(patient.server());
      var admissions = Admissions.watch(database);
      treasurer.create("");
      logins.subList(0, USERS / 2).forEach(login -> treasurer.create(login.id()));
      try {
        work(threads);
        kill(threads);
      } finally {
        stopped = true;
      }
      working.forEach(CompletableFuture::join);
      assertThat(books.violations(stored(database))).isEmpty();
      assertSentAgainNothingHappens();
      assertLedgerAndBudgetsAgree();
      assertOneAlertForEachThreshold(database);
      assertThat(books.refusals()).isPositive();
      System.out.printf(
          "%d acknowledged, %d admissions, %d refusals%n",
          books.acknowledgements(), admissions.count(), books.refusals());
      assertThat(admissions.count()).isPositive();
      admissions.proveSight();
    } finally {
      patient.close();
    }
  }

  private void work(ExecutorService threads) {
    var random = new Random(SEED);
    for (var n = 0; n < WRITERS; n++) {
      var user = n % USERS;
      var spender =
          new Spender(logins.get(user), books, new Random(random.nextLong()), user % 3 > 0);
      working.add(CompletableFuture.runAsync(() -> spender.spend(() -> stopped), threads));
    }
    working.add(CompletableFuture.runAsync(this::raise, threads));
  }

  private void raise() {
    while (!stopped) {
      treasurer.raise();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /// The other budgets are made while all write and everything dies.
  private void kill(ExecutorService threads) {
    awaitWrites();
    working.add(
        CompletableFuture.runAsync(
            () ->
                logins
                    .subList(USERS / 2, USERS)
                    .forEach(
                        login -> {
                          treasurer.create(login.id());
                          LockSupport.parkNanos(PAUSE.toNanos());
                        }),
            threads));
    for (var i = 0; i < KILLS; i++) {
      var death = Death.values()[i % Death.values().length];
      var start = System.nanoTime();
      patient.die(death);
      awaitWrites();
      System.out.printf(
          "killed %s: %d acknowledged after %.1f s%n",
          death, books.acknowledgements(), (System.nanoTime() - start) / 1e9);
    }
  }

  private void awaitWrites() {
    var goal = books.acknowledgements() + WRITES;
    Await.until(
        WRITES + " writes",
        LIMIT,
        () -> {
          working.stream()
              .filter(CompletableFuture::isCompletedExceptionally)
              .forEach(one -> one.join());
          return books.acknowledgements() >= goal;
        });
  }

  private static List<Stored> stored(Database database) {
    return database
        .column(
            """
            select e.idempotency_key || ' ' || e.user_id || ' ' || sum(l.cost)
            from agent_run.usage_event e
              join agent_run.usage_line l on l.tenant_id = e.tenant_id and l.event_id = e.event_id
            group by e.tenant_id, e.event_id\
            """)
        .stream()
        .map(row -> row.split(" "))
        .map(row -> new Stored(row[0], row[1], new BigDecimal(row[2])))
        .toList();
  }

  private void assertSentAgainNothingHappens() {
    for (var login : logins) {
      login.renew();
      var all = books.everything().stream().filter(one -> one.user().equals(login.id())).toList();
      for (var from = 0; from < all.size(); from += PAGE) {
        assertThere(login, all.subList(from, Math.min(from + PAGE, all.size())));
      }
    }
  }

  private static void assertThere(Login login, List<Usage> some) {
    var request = BatchRecordUsageRequest.newBuilder();
    some.forEach(one -> request.addRecords(one.record()));
    var method = UsageServiceGrpc.getBatchRecordUsageMethod();
    var reply = login.grpc().call(method, request.build());
    for (var n = 0; n < some.size(); n++) {
      var event = reply.getResults(n).getEvent();
      assertThat(event.getDuplicate()).as(reply.getResults(n).toString()).isTrue();
      assertThat(new BigDecimal(event.getTotal())).isEqualByComparingTo(some.get(n).cost());
    }
  }

  private void assertLedgerAndBudgetsAgree() {
    var request = VerifyLedgerRequest.getDefaultInstance();
    var reply = owner.grpc().call(UsageServiceGrpc.getVerifyLedgerMethod(), request);
    assertThat(reply.getDiscrepanciesList()).isEmpty();
    assertThat(reply.getEvents()).isEqualTo(books.acknowledgements());
    assertThat(new BigDecimal(reply.getCost())).isEqualByComparingTo(books.spent(null));
    var budgets = treasurer.budgets();
    // Budgets that were made later do not hold what was reserved before.
    var early = new HashSet<>(Set.of(""));
    logins.subList(0, USERS / 2).forEach(login -> early.add(login.id()));
    assertThat(budgets).hasSize(USERS + 1);
    for (var budget : budgets) {
      var user = budget.getScopeId().isEmpty() ? null : budget.getScopeId();
      assertThat(new BigDecimal(budget.getSettled()))
          .as(budget.toString())
          .isEqualByComparingTo(books.spent(user));
      if (early.contains(budget.getScopeId())) {
        assertThat(new BigDecimal(budget.getHeld()))
            .as(budget.toString())
            .isEqualByComparingTo(books.held(user));
      }
    }
  }

  private void assertOneAlertForEachThreshold(Database database) {
    var told =
        database.column(
            """
            select subject_id || ' ' || (data::jsonb ->> 'threshold') from agent_run.outbox_fact
            where type = 'budget.threshold_reached'\
            """);
    assertThat(told)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            database.column("select budget_id || ' ' || threshold from agent_run.budget_alert"));
    for (var budget : treasurer.budgets()) {
      for (var threshold : Treasurer.THRESHOLDS) {
        var line =
            new BigDecimal(budget.getLimit())
                .multiply(BigDecimal.valueOf(threshold))
                .movePointLeft(2);
        if (new BigDecimal(budget.getSettled()).compareTo(line) >= 0) {
          assertThat(told).contains(budget.getId() + " " + threshold);
        }
      }
    }
  }
}
