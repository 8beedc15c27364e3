package dev.agentserver.agentrun.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.MultitaskStrategy;
import dev.agentserver.agentrun.v1.Run.State;
import dev.agentserver.kit.db.SlowQueries.SlowQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many at once. The long forms: `-Drace.rounds=10000`, `-Dclaim.runs=20000` and
/// `-Dclaim.queued=100000`.
class RaceTest extends RunTest {
  private static final int ROUNDS = Integer.getInteger("race.rounds", 500);
  private static final int RUNS = Integer.getInteger("claim.runs", 400);
  private static final int QUEUED = Integer.getInteger("claim.queued", 3_000);
  private static final Pattern PAGES =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

  @Test
  @Timeout(1_800) // the long form
  void whoeverFinishesAndWhoeverEnqueuesForgetNoRun() {
    var conversation = UUID.randomUUID();
    var queue = UUID.randomUUID().toString();
    var wanted = in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_ENQUEUE).setQueue(queue);
    var ended = new AtomicInteger();
    var most = new AtomicInteger();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var enqueuing =
          List.of(1, 2).stream()
              .map(
                  _ ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (var i = 0; i < ROUNDS / 2; i++) {
                              alice.runs().createRun(wanted.clone().build());
                            }
                          },
                          executor))
              .toList();
      var finishing =
          CompletableFuture.runAsync(
              () -> {
                var request =
                    AcquireRunRequest.newBuilder()
                        .addQueues(queue)
                        .setWait(com.google.protobuf.Duration.newBuilder().setSeconds(10))
                        .build();
                while (ended.get() < ROUNDS / 2 * 2) {
                  var reply = worker.work().acquireRun(request);
                  assertThat(reply.hasLease()).as("a run is stranded").isTrue();
                  if (ended.getAndIncrement() % 8 == 0) {
                    most.accumulateAndGet(active(conversation), Math::max);
                  }
                  worker.complete(reply.getLease());
                }
              },
              executor);
      enqueuing.forEach(CompletableFuture::join);
      finishing.join();
    }
    assertThat(most.get()).isEqualTo(1);
    assertThat(
            service.column(
                "select count(*) from run where conversation_id = '%s' and state <> 'SUCCEEDED'"
                    .formatted(conversation)))
        .containsExactly("0");
  }

  private int active(UUID conversation) {
    return Integer.parseInt(
        service
            .column(
                "select count(*) from run where conversation_id = '%s' and state in ('QUEUED', 'RUNNING')"
                    .formatted(conversation))
            .getFirst());
  }

  @Test
  @Timeout(1_800) // the long form
  void noRunIsAcquiredTwice() {
    var queue = UUID.randomUUID().toString();
    fill(queue, RUNS);
    Set<String> seen = ConcurrentHashMap.newKeySet();
    var twice = ConcurrentHashMap.<String>newKeySet();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var working = new ArrayList<CompletableFuture<Void>>();
      for (var i = 0; i < 8; i++) {
        working.add(
            CompletableFuture.runAsync(
                () -> {
                  for (var lease = worker.acquire(queue);
                      lease.hasRun();
                      lease = worker.acquire(queue)) {
                    if (!seen.add(lease.getRun().getId())) {
                      twice.add(lease.getRun().getId());
                    }
                  }
                },
                executor));
      }
      working.forEach(CompletableFuture::join);
    }
    assertThat(twice).isEmpty();
    assertThat(seen).hasSize(RUNS);
  }

  @Test
  void oneRequestThatComesTwiceAtOnceGetsOneLease() {
    var queue = UUID.randomUUID().toString();
    fill(queue, 20);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var round = 0; round < 5; round++) {
        var request =
            AcquireRunRequest.newBuilder()
                .addQueues(queue)
                .setRequestId("r" + round + queue)
                .build();
        var both =
            List.of(1, 2).stream()
                .map(
                    _ ->
                        CompletableFuture.supplyAsync(
                            () -> worker.work().acquireRun(request).getLease(), executor))
                .toList();
        assertThat(both.stream().map(one -> one.join().getRun().getId()).distinct()).hasSize(1);
        assertThat(both.getFirst().join().getRun().getState()).isEqualTo(State.STATE_RUNNING);
      }
    }
  }

  @Test
  void aClaimReadsTheEligibleRunsOnly() throws SQLException {
    var queue = UUID.randomUUID().toString();
    fill(queue, 2_000);
    assertThat(claim("costs off", queue))
        .contains("run_claim_idx")
        .doesNotContain("Seq Scan")
        .doesNotContain("Sort");
  }

  @Test
  void aClaimReadsNoMoreHoweverManyWait() throws SQLException {
    var few = UUID.randomUUID().toString();
    fill(few, 100);
    var many = UUID.randomUUID().toString();
    fill(many, QUEUED);
    assertThat(pages(many)).as("a level of the index more, or two").isBetween(1, pages(few) + 4);
  }

  private int pages(String queue) throws SQLException {
    var plan = PAGES.matcher(claim("analyze, buffers, timing off", queue));
    assertThat(plan.find()).isTrue();
    return Integer.parseInt(plan.group(1))
        + (plan.group(2) == null ? 0 : Integer.parseInt(plan.group(2)));
  }

  /// How the database carries out the claim of the service by a plan that it keeps, while it knows
  /// nothing of how many runs there are.
  private String claim(String options, String queue) throws SQLException {
    worker.acquire(UUID.randomUUID().toString());
    var claim =
        service.database().slowQueries().slowestFirst().stream()
            .map(SlowQuery::statement)
            .filter(statement -> statement.contains("skip locked"))
            .findFirst()
            .orElseThrow();
    for (var i = 1; claim.contains("?"); i++) {
      claim = claim.replaceFirst("\\?", "\\$" + i);
    }
    try (var connection = service.superuser();
        var session = connection.createStatement()) {
      session.execute("set plan_cache_mode = force_generic_plan");
      session.execute("prepare claim as " + claim);
      var rows =
          session.executeQuery(
              "explain (%s) execute claim(array['%s'], '%s', 1, 1)"
                  .formatted(options, queue, TENANT));
      var plan = new StringBuilder();
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
      return plan.toString();
    }
  }

  private void fill(String queue, int count) {
    service.sql(
        """
        insert into run (tenant_id, run_id, user_id, agent_id, agent_version, queue, self_execute, state, metadata, attempt,
          max_attempts, lease_epoch, eligible_at, deadline_at, pause_requested, input_seq, step_count, version, created_at,
          updated_at)
        select '%s', gen_random_uuid(), '%s', '%s', 1, '%s', false, 'QUEUED', '{}', 0, 3, 0, clock_timestamp(),
          now() + interval '1 day', false, 0, 0, 1, now(), now() from generate_series(1, %d)"""
            .formatted(TENANT, alice.caller().principalId(), agent, queue, count));
  }
}
