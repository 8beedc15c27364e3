package dev.agentserver.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.FactSource.BeyondHead;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One database publishes, another one learns: what the consumer did is in a table of its own.
class OutboxConsumerTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final String SOURCE = "elsewhere";

  private final Metrics metrics = new Metrics("test");
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final AtomicBoolean away = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();
  private TestDatabase theirs;
  private TestDatabase ours;
  private Outbox outbox;

  @BeforeEach
  void open() {
    theirs = TestDatabase.fresh("kit");
    ours = TestDatabase.fresh("kit");
    ours.sql("create table effect (n serial, subject text); grant all on effect to kit_runtime");
    ours.sql("grant usage on sequence effect_n_seq to kit_runtime");
    outbox = new Outbox(theirs.database(), Ids.uuidV7(Clock.systemUTC()));
    opened.add(OutboxSequencer.start(outbox));
  }

  @AfterEach
  void close() throws Exception {
    for (var each : opened.reversed()) {
      each.close();
    }
    metrics.close();
    theirs.close();
    ours.close();
  }

  @Test
  void everyFactIsActedOnOnceAndInOrder() {
    publish(0, 150);
    follow();
    publish(150, 250);
    awaitEffects(250);
    assertThat(effects()).isEqualTo(subjects(0, 250));
    assertThat(position()).isEqualTo(250);
  }

  @Test
  void aFactCarriesWhoAndWhat() {
    var seen = new ArrayList<PulledFact>();
    publishOne("a", Map.of("text", "ä", "count", 3, "whole", true));
    follow(
        (db, fact) -> {
          seen.add(fact);
          write(db, fact);
        });
    awaitEffects(1);
    var fact = seen.getFirst();
    assertThat(fact.tenantId()).isEqualTo(TENANT);
    assertThat(fact.type()).isEqualTo("thing.done");
    assertThat(fact.data()).isEqualTo(Map.of("text", "ä", "count", "3", "whole", "true"));
    assertThat(fact.createdAt()).isNotNull();
  }

  @Test
  void whatIsDeliveredTwiceIsDoneOnce() {
    publish(0, 30);
    // Asked from the beginning again and again, it delivers everything each time.
    follow(position -> delivered(0), this::write);
    awaitEffects(30);
    var before = asked.get();
    Await.until("it is delivered again", () -> asked.get() > before + 3);
    assertThat(effects()).isEqualTo(subjects(0, 30));
  }

  @Test
  void aFailedEffectLeavesNothingAndComesAgain() {
    var failures = new AtomicInteger(3);
    publish(0, 5);
    follow(
        (db, fact) -> {
          write(db, fact);
          if (fact.subjectId().equals("s3") && failures.getAndDecrement() > 0) {
            throw new IllegalStateException("not today");
          }
        });
    awaitEffects(5);
    assertThat(effects()).isEqualTo(subjects(0, 5));
    assertThat(failures.get()).isNegative();
  }

  @Test
  void whileTheOtherIsAwayNothingIsLostAndItGoesOnByItself() {
    away.set(true);
    follow();
    publish(0, 10);
    var before = asked.get();
    Await.until("it asks in vain", () -> asked.get() > before + 1);
    assertThat(gauge("agentserver_facts_failing")).isEqualTo(1);
    assertThat(effects()).isEmpty();
    away.set(false);
    awaitEffects(10);
    assertThat(effects()).isEqualTo(subjects(0, 10));
    Await.until("all is well", () -> gauge("agentserver_facts_failing") == 0);
    assertThat(gauge("agentserver_facts_position")).isEqualTo(10);
  }

  @Test
  void anotherProcessGoesOnWhereTheLastOneStopped() throws Exception {
    publish(0, 10);
    var first = follow();
    awaitEffects(10);
    first.close();
    publish(10, 20);
    follow();
    awaitEffects(20);
    assertThat(effects()).isEqualTo(subjects(0, 20));
  }

  @Test
  void replicasShareTheWorkWithoutDoingItTwice() {
    for (var n = 0; n < 4; n++) {
      follow();
    }
    for (var n = 0; n < 10; n++) {
      publish(n * 20, n * 20 + 20);
    }
    awaitEffects(200);
    var before = asked.get();
    Await.until("all have looked", () -> asked.get() > before + 8);
    assertThat(effects()).isEqualTo(subjects(0, 200));
  }

  @Test
  void anOutboxThatCameBackFromAnOldBackupIsReadAnewAndNothingIsDoneTwice() {
    publish(0, 10);
    var first = follow();
    awaitEffects(10);
    first.close();
    theirs.sql(
        "delete from outbox_fact where position > 6; update outbox_head set last_position = 6");
    follow();
    Await.until("it begins anew", () -> position() == 6);
    publish(20, 23);
    awaitEffects(13);
    var expected = new ArrayList<>(subjects(0, 10));
    expected.addAll(subjects(20, 23));
    assertThat(effects()).isEqualTo(expected);
  }

  @Test
  void theFactsAreKeptUntilTheyAreLearned() {
    follow();
    publish(0, 3);
    awaitEffects(3);
    Await.until(
        "it is registered with what it has",
        () ->
            theirs
                .rows("select position from outbox_consumer where consumer = 'test'")
                .equals(List.of("3")));
    theirs.sql("update outbox_fact set created_at = now() - interval '31 days'");
    away.set(true);
    theirs.sql("update outbox_consumer set position = 2");
    outbox.sweep(Duration.ofDays(30));
    assertThat(theirs.rows("select position from outbox_fact")).containsExactly("3");
  }

  @Test
  void theNotesOfWhatNobodyKeepsAreForgotten() {
    publish(0, 3);
    var consumer = follow();
    awaitEffects(3);
    ours.sql(
        "update outbox_applied set applied_at = now() - interval '91 days'"
            + " where fact_id in (select fact_id from outbox_applied limit 2)");
    consumer.sweep();
    assertThat(ours.rows("select count(*) from outbox_applied")).containsExactly("1");
  }

  private OutboxConsumer follow() {
    return follow(this::write);
  }

  private OutboxConsumer follow(FactHandler handler) {
    return follow(this::delivered, handler);
  }

  private OutboxConsumer follow(FactSource source, FactHandler handler) {
    var consumer = OutboxConsumer.start(ours.database(), SOURCE, source, handler, metrics);
    opened.add(consumer);
    return consumer;
  }

  private void write(DSLContext db, PulledFact fact) {
    db.execute("insert into effect (subject) values (?)", fact.subjectId());
  }

  /// What the other service answers, without a network.
  private List<PulledFact> delivered(long after) {
    asked.incrementAndGet();
    if (away.get()) {
      throw new Problem.Unavailable("elsewhere", Duration.ZERO).raise();
    }
    try {
      return outbox.pull("test", after, Duration.ofMillis(100), 100).stream()
          .map(
              fact ->
                  new PulledFact(
                      fact.id(),
                      fact.position(),
                      fact.tenantId(),
                      fact.type(),
                      fact.subjectId(),
                      OutboxPeerRpc.data(OutboxRpc.struct(fact.data())),
                      fact.createdAt().toInstant()))
          .toList();
    } catch (ProblemException refused) {
      throw refused.problem() instanceof Problem.Invalid ? new BeyondHead(refused) : refused;
    }
  }

  private void publish(int from, int until) {
    for (var subject : subjects(from, until)) {
      publishOne(subject, Map.of());
    }
  }

  private void publishOne(String subject, Map<String, ?> data) {
    theirs
        .database()
        .write(
            db -> {
              outbox.publish(db, TENANT, "thing.done", subject, data);
              return true;
            });
  }

  private static List<String> subjects(int from, int until) {
    return IntStream.range(from, until).mapToObj(n -> "s" + n).toList();
  }

  private void awaitEffects(int count) {
    Await.until(count + " effects", () -> effects().size() >= count);
  }

  private List<String> effects() {
    return ours.rows("select subject from effect order by n");
  }

  private long position() {
    return Long.parseLong(
        ours.rows("select coalesce(max(position), 0) from outbox_cursor").getFirst());
  }

  private int gauge(String name) {
    return (int) metrics.registry().get(name.replace('_', '.')).gauge().value();
  }
}
