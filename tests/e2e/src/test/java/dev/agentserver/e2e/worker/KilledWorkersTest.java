package dev.agentserver.e2e.worker;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.e2e.server.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Workers that are killed every second, and one that is stopped where it is and comes back late.
///
/// A lease lasts for a minute; that nothing was heard for so long is written into the database here
/// at once. `-De2e.runs=200` is the long form, with 8 workers.
@ExtendWith(SharedServer.class)
class KilledWorkersTest {
  private static final int RUNS = Integer.getInteger("e2e.runs", 24);
  private static final int WORKERS = RUNS < 100 ? 3 : 8;
  private static final Duration BETWEEN_DEATHS = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String INPUT = "{\"behavior\": \"slow\", \"steps\": %d, \"pause_ms\": %d}";

  private final Server server;
  private final Database database;
  private final Runs runs;
  private final String queue = "q" + UUID.randomUUID();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private int started;

  @TempDir Path directory;

  KilledWorkersTest(Server server) {
    this.server = server;
    this.database = Database.of(server);
    this.runs = new Runs(User.owner(server, 1));
  }

  @AfterEach
  void end() {
    workers.forEach(WorkerProcess::kill);
  }

  private Path effects() {
    return directory.resolve("effects");
  }

  private WorkerProcess worker() {
    started++;
    var worker = WorkerProcess.start(server, "w" + started + queue, queue, effects());
    workers.add(worker);
    return worker;
  }

  private String begin(String agent, int steps, int pause) {
    return runs.begin(
        "\"agent_id\": \"%s\", \"queue\": \"%s\", \"max_attempts\": 100, \"input\": %s"
            .formatted(agent, queue, INPUT.formatted(steps, pause)));
  }

  @Test
  @Timeout(600)
  void everyRunEndsOnceAndNoStepThatIsDoneIsDoneAgain() throws IOException {
    var agent = runs.agent("");
    var late = worker();
    var held = begin(agent, 3, 1000);
    Await.until("a worker has it", SOON, () -> Files.exists(effects()));
    try (var _ = late.freeze()) {
      workers.remove(late);
      IntStream.range(0, RUNS).forEach(_ -> begin(agent, 8, 100));
      IntStream.range(0, WORKERS).forEach(_ -> worker());
      killUntilAllHaveEnded();
      workers.forEach(WorkerProcess::kill);
      workers.clear();
    }
    workers.add(late);
    var before = rows();
    assertThat(runs.get(held).path("state").asText()).isEqualTo("STATE_SUCCEEDED");
    var next = begin(agent, 1, 0);
    runs.await(next, "SUCCEEDED");
    assertThat(rows()).as("the late worker changed nothing").containsAll(before);

    assertEffects();
    for (var run : column("select run_id from agent_run.run where queue = '%s'")) {
      assertThat(runs.get(run).path("state").asText()).isEqualTo("STATE_SUCCEEDED");
      assertThat(runs.events(run))
          .filteredOn(event -> event.path("kind").asText().equals("run.succeeded"))
          .as("ends of " + run)
          .hasSize(1);
    }
  }

  private void killUntilAllHaveEnded() {
    for (var round = 0; unfinished() > 0; round++) {
      var victim = workers.removeFirst();
      Await.until("it works, or all is done", SOON, () -> worksOrAllIsDone(victim));
      LockSupport.parkNanos(BETWEEN_DEATHS.toNanos());
      victim.kill();
      worker();
      assertThat(round).as("rounds with " + unfinished() + " runs left").isLessThan(RUNS * 4);
    }
  }

  private boolean worksOrAllIsDone(WorkerProcess worker) {
    LockSupport.parkNanos(LOOK.toNanos());
    forgetTheDead(worker);
    return hasWorked(worker) || unfinished() == 0;
  }

  private boolean hasWorked(WorkerProcess worker) {
    return !database
        .column(
            "select 1 from agent_run.run_lease where labels ->> 'name' = '%s' limit 1"
                .formatted(worker.name()))
        .isEmpty();
  }

  private int unfinished() {
    return column("select run_id from agent_run.run where queue = '%s' and ended_at is null")
        .size();
  }

  /// As if a minute had gone by since workers that are away were heard of, and the pause before the
  /// next attempt.
  private void forgetTheDead(WorkerProcess alive) {
    var living =
        Stream.concat(Stream.of(alive), workers.stream())
            .map(worker -> "'" + worker.name() + "'")
            .collect(joining(", "));
    database.run(
        """
        update agent_run.run r set lease_expires_at = clock_timestamp() from agent_run.run_lease l
        where l.tenant_id = r.tenant_id and l.run_id = r.run_id and l.lease_epoch = r.lease_epoch
          and r.queue = '%s' and r.state = 'RUNNING' and not l.labels ->> 'name' = any (array[%s]::text[])"""
            .formatted(queue, living));
    database.run(
        "update agent_run.run set eligible_at = clock_timestamp() where queue = '%s' and state = 'QUEUED'"
            .formatted(queue));
  }

  private List<String> column(String sql) {
    return database.column(sql.formatted(queue));
  }

  private List<String> rows() {
    return column(
        """
        select s::text from agent_run.run_step s join agent_run.run r using (tenant_id, run_id)
        where r.queue = '%1$s' union all select r::text from agent_run.run r where r.queue = '%1$s'
        """);
  }

  /// A step was done under the lease that completed it, and never under a later one.
  private void assertEffects() throws IOException {
    Map<String, Long> completed =
        column(
                """
                select s.run_id || ' ' || s.step_key || ' ' || s.lease_epoch
                from agent_run.run_step s join agent_run.run r using (tenant_id, run_id)
                where r.queue = '%s' and s.state = 'SUCCEEDED'""")
            .stream()
            .collect(toMap(KilledWorkersTest::step, KilledWorkersTest::lease));
    assertThat(completed).hasSize(RUNS * 8 + 3 + 1);
    var effects = Files.readAllLines(effects());
    assertThat(effects).doesNotHaveDuplicates();
    assertThat(effects)
        .allSatisfy(line -> assertThat(lease(line)).isLessThanOrEqualTo(completed.get(step(line))));
    completed.forEach((step, lease) -> assertThat(effects).contains(step + " " + lease));
  }

  private static String step(String line) {
    return line.substring(0, line.lastIndexOf(' '));
  }

  private static long lease(String line) {
    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
  }
}
