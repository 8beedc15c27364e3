package dev.agentserver.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final Duration LONG = Duration.ofSeconds(30);

  private TestDatabase db;
  private Process process;

  /// What one process of a service has: a pool, an outbox and a sequencer.
  private record Process(Database database, Outbox outbox, OutboxSequencer sequencer)
      implements AutoCloseable {
    static Process start(TestDatabase db) {
      var database = Database.open(db.config());
      var outbox = new Outbox(database, Ids.uuidV7(Clock.systemUTC()));
      return new Process(database, outbox, OutboxSequencer.start(outbox));
    }

    void publish(String subject) {
      database.write(
          context -> {
            outbox.publish(context, TENANT, "thing.done", subject, Map.of());
            return true;
          });
    }

    @Override
    public void close() {
      sequencer.close();
      database.close();
    }
  }

  @BeforeEach
  void open() {
    db = TestDatabase.fresh("kit");
    process = Process.start(db);
  }

  @AfterEach
  void close() {
    process.close();
    db.close();
  }

  @Test
  void factsAreNumberedFromOneInTheOrderOfTheirCommits() {
    for (var subject : List.of("a", "b", "c")) {
      process.publish(subject);
    }
    var facts = pullAll(process, 3);
    assertThat(facts).extracting(Fact::position).containsExactly(1L, 2L, 3L);
    assertThat(facts).extracting(Fact::subjectId).containsExactly("a", "b", "c");
    assertThat(facts).extracting(Fact::tenantId).containsOnly(TENANT);
  }

  @Test
  void factsOfOneTransactionKeepTheirOrder() {
    process.database.write(
        context -> {
          for (var i = 0; i < 20; i++) {
            process.outbox.publish(context, TENANT, "thing.done", "s" + i, Map.of());
          }
          return true;
        });
    assertThat(pullAll(process, 20))
        .extracting(Fact::subjectId)
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "s" + i).toList());
  }

  @Test
  void aFactCarriesItsData() {
    process.database.write(
        context -> {
          process.outbox.publish(
              context,
              TENANT,
              "thing.done",
              "a",
              Map.of("text", "a \"quote\" and \u00e4", "count", 3, "whole", true));
          return true;
        });
    assertThat(pullAll(process, 1).getFirst().data())
        .contains("\"count\": 3")
        .contains("\"whole\": true")
        .contains("a \\\"quote\\\" and \u00e4");
  }

  @Test
  void whatIsRolledBackLeavesNoGap() {
    process.publish("a");
    assertThatThrownBy(
            () ->
                process.database.write(
                    context -> {
                      process.outbox.publish(context, TENANT, "thing.done", "never", Map.of());
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    process.publish("b");
    assertThat(pullAll(process, 2)).extracting(Fact::subjectId).containsExactly("a", "b");
  }

  @Test
  void aTransactionThatStaysOpenHoldsUpNobodyAndItsFactIsNotMissed() throws Exception {
    var open = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow =
          threads.submit(
              () ->
                  process.database.write(
                      context -> {
                        process.outbox.publish(context, TENANT, "thing.done", "slow", Map.of());
                        open.countDown();
                        Await.latch(mayEnd);
                        return true;
                      }));
      Await.latch(open);
      process.publish("fast-1");
      process.publish("fast-2");
      var meanwhile = pullAll(process, 2);
      assertThat(meanwhile).extracting(Fact::subjectId).containsExactly("fast-1", "fast-2");
      mayEnd.countDown();
      assertThat(slow.get()).isTrue();
      var after = process.outbox.pull("reader", 2, LONG, 100);
      assertThat(after).extracting(Fact::subjectId).containsExactly("slow");
      assertThat(after).extracting(Fact::position).containsExactly(3L);
    }
  }

  @Test
  void positionsHaveNoGapsWhateverManyProcessesDo() throws Exception {
    try (var second = Process.start(db);
        var third = Process.start(db);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Future<?>>();
      for (var writer : List.of(process, second, third)) {
        for (var thread = 0; thread < 4; thread++) {
          var name = System.identityHashCode(writer) + "-" + thread + "-";
          writers.add(threads.submit(() -> publishSomeAndRollBackSome(writer, name)));
        }
      }
      var reader = threads.submit(() -> pullAll(third, 12 * 50));
      for (var writer : writers) {
        writer.get();
      }
      var facts = reader.get();
      assertThat(facts)
          .extracting(Fact::position)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 12 * 50).boxed().toList());
      assertThat(facts).extracting(Fact::id).doesNotHaveDuplicates();
      assertThat(facts).extracting(Fact::subjectId).noneMatch(subject -> subject.endsWith("x"));
    }
  }

  private static void publishSomeAndRollBackSome(Process writer, String name) {
    for (var i = 0; i < 50; i++) {
      var number = i;
      writer.publish(name + number);
      if (number % 5 == 0) {
        assertThatThrownBy(
                () ->
                    writer.database.write(
                        context -> {
                          writer.outbox.publish(
                              context, TENANT, "thing.done", name + number + "x", Map.of());
                          throw new IllegalStateException("rolled back");
                        }))
            .hasMessage("rolled back");
      }
    }
  }

  @Test
  void moreThanABatchIsNumberedWithoutWaitingForMore() {
    db.sql(
        """
        insert into outbox_fact (tenant_id, id, type, subject_id, data)
        select gen_random_uuid(), gen_random_uuid(), 'thing.done', n::text, '{}' from generate_series(1, 2500) n""");
    process.publish("last");
    assertThat(pullAll(process, 2_501)).hasSize(2_501);
  }

  @Test
  void aPullThatWaitsIsAnsweredByWhatAnotherProcessWrites() throws Exception {
    try (var other = Process.start(db);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> process.outbox.pull("reader", 0, LONG, 100));
      Await.until("the reader waits", process.outbox::awaited);
      other.publish("a");
      assertThat(waiting.get()).extracting(Fact::subjectId).containsExactly("a");
    }
  }

  @Test
  void aPullWithoutAWaitIsAnsweredAtOnce() {
    assertThat(process.outbox.pull("reader", 0, Duration.ZERO, 100)).isEmpty();
    assertThat(process.outbox.pull("reader", 0, Duration.ofMillis(50), 100)).isEmpty();
  }

  @Test
  void aPullEndsWhenItsCallerGoesAway() throws InterruptedException {
    var end = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, failure) -> end.set(failure))
            .start(() -> process.outbox.pull("reader", 0, LONG, 100));
    Await.until("it waits", process.outbox::awaited);
    thread.interrupt();
    thread.join();
    assertThat(end.get()).isNotNull();
    assertThat(end.get()).isInstanceOf(Cancelled.class);
  }

  @Test
  void aConsumerAheadOfTheOutboxIsToldSo() {
    process.publish("a");
    pullAll(process, 1);
    assertThatThrownBy(() -> process.outbox.pull("reader", 2, LONG, 100))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("beyond the last position, 1");
  }

  @Test
  void factsAreKeptUntilTheyAreOldAndEveryConsumerHasPassed() {
    for (var subject : List.of("a", "b", "c")) {
      process.publish(subject);
    }
    pullAll(process, 3);
    process.outbox.pull("slow-reader", 1, Duration.ZERO, 100);
    process.outbox.sweep(Duration.ofDays(30));
    assertThat(subjects()).containsExactly("a", "b", "c");
    process.outbox.pull("reader", 3, Duration.ZERO, 100);
    db.sql(
        "update outbox_fact set created_at = now() - interval '31 days' where subject_id <> 'b'");
    process.outbox.sweep(Duration.ofDays(30));
    assertThat(subjects()).containsExactly("b", "c");
    process.outbox.pull("slow-reader", 3, Duration.ZERO, 100);
    process.outbox.sweep(Duration.ofDays(30));
    assertThat(subjects()).containsExactly("b");
    process.publish("d");
    assertThat(process.outbox.pull("reader", 3, LONG, 100))
        .extracting(Fact::position)
        .containsExactly(4L);
  }

  @Test
  void theSequencerGoesOnAfterItCouldNotWork() {
    db.sql("revoke execute on function number_facts(int) from kit_runtime");
    process.publish("a");
    assertThat(process.outbox.pull("reader", 0, Duration.ofMillis(200), 100)).isEmpty();
    db.sql("grant execute on function number_facts(int) to kit_runtime");
    assertThat(pullAll(process, 1)).extracting(Fact::subjectId).containsExactly("a");
  }

  private static List<Fact> pullAll(Process process, int count) {
    var facts = new ArrayList<Fact>();
    while (facts.size() < count) {
      var page =
          process.outbox.pull(
              "reader", facts.isEmpty() ? 0 : facts.getLast().position(), LONG, 100);
      assertThat(page).as("facts after " + facts.size()).isNotEmpty();
      facts.addAll(page);
    }
    return facts;
  }

  private List<String> subjects() {
    return db.rows("select subject_id from outbox_fact order by position");
  }
}
