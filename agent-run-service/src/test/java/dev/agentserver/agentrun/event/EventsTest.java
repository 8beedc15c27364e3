package dev.agentserver.agentrun.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.agentrun.Config;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final UUID USER = UUID.randomUUID();
  private static final Filter ALL = new Filter(null, null);

  private final Ids ids = Ids.uuidV7(Clock.systemUTC());
  private final RunEvents table = new RunEvents();
  private TestDatabase postgres;
  private Events events;
  private final ConcurrentHashMap<StreamKey, Long> rung = new ConcurrentHashMap<>();

  @BeforeAll
  void open() {
    postgres = TestDatabase.fresh(Config.SCHEMA);
    events = new Events(ids, (_, stream, seq) -> rung.merge(stream, seq, Math::max));
  }

  @AfterAll
  void close() {
    postgres.close();
  }

  @Test
  void eventsAreNumberedFromOneAndReadBackAsTheyWereWritten() {
    var origin = ofSession();
    var full =
        new EventRow(
            ids.next(),
            Category.HOOK,
            "tool_call",
            Level.WARN,
            "ran ls",
            "{\"a\": 1}",
            "step-1",
            "bash",
            "{\"command\": \"ls\"}",
            "[\"main.py\", null]",
            17);
    var bare = EventRow.of(ids.next(), Category.LIFECYCLE, "session.created", "", null);
    assertThat(append(origin, full, bare)).containsExactly(1L, 2L);
    assertThat(append(origin, row())).containsExactly(3L);
    var read = read(origin, ALL, 0);
    assertThat(read).extracting(RunEvent::seq).containsExactly(1L, 2L, 3L);
    assertThat(read.subList(0, 2)).extracting(RunEvent::row).containsExactly(full, bare);
    assertThat(read).extracting(RunEvent::runId).containsOnlyNulls();
    assertThat(read).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    assertThat(rung).containsEntry(stream(origin), 3L);
  }

  @Test
  void whatIsWrittenAgainKeepsItsNumberAndLeavesNoGap() {
    var origin = ofSession();
    var first = row();
    var second = row();
    var third = row();
    assertThat(append(origin, first, second)).containsExactly(1L, 2L);
    assertThat(append(origin, first, second)).containsExactly(1L, 2L);
    assertThat(append(origin, second, third, third, row())).containsExactly(2L, 3L, 3L, 4L);
    assertThat(read(origin, ALL, 0)).extracting(RunEvent::seq).containsExactly(1L, 2L, 3L, 4L);
    assertThat(head(origin)).isEqualTo(new Head(4, 0));
  }

  @Test
  void manyWhoAppendToOneStreamLeaveNoGapAndShareNoNumber() throws InterruptedException {
    var session = UUID.randomUUID();
    var numbers = Collections.synchronizedList(new ArrayList<Long>());
    var writers =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              var run = ofRun(UUID.randomUUID(), session);
                              for (var i = 0; i < 12; i++) {
                                var twice = row();
                                numbers.addAll(append(run, row(), twice));
                                append(run, twice);
                              }
                            }))
            .toList();
    for (var writer : writers) {
      writer.join();
    }
    var all = LongStream.rangeClosed(1, 8 * 12 * 2).boxed().toList();
    assertThat(numbers).containsExactlyInAnyOrderElementsOf(all);
    var origin = Origin.session(TENANT, session, USER);
    assertThat(read(origin, ALL, 0)).extracting(RunEvent::seq).containsExactlyElementsOf(all);
  }

  @Test
  void anAppendThatIsRolledBackTakesNoNumber() {
    var origin = ofSession();
    append(origin, row());
    assertThatThrownBy(
            () ->
                postgres
                    .database()
                    .write(
                        db -> {
                          events.append(db, origin, List.of(row(), row()));
                          throw new IllegalStateException("no");
                        }))
        .hasMessage("no");
    assertThat(append(origin, row())).containsExactly(2L);
  }

  @Test
  void aRunIsReadOutOfItsSessionsStream() {
    var session = UUID.randomUUID();
    var one = ofRun(UUID.randomUUID(), session);
    var other = ofRun(UUID.randomUUID(), session);
    append(one, row());
    append(other, row(), row());
    append(one, row());
    assertThat(read(one, new Filter(one.runId(), null), 0))
        .extracting(RunEvent::seq)
        .containsExactly(1L, 4L);
    assertThat(read(one, new Filter(other.runId(), null), 2))
        .extracting(RunEvent::seq)
        .containsExactly(3L);
  }

  @Test
  void whatHasTheSameIdAndIsSomethingElseIsAnotherStream() {
    var id = UUID.randomUUID();
    var session = Origin.session(TENANT, id, USER);
    var conversation = Origin.run(TENANT, UUID.randomUUID(), null, id, USER);
    var run = Origin.run(TENANT, id, null, null, USER);
    var elsewhere = Origin.session(UUID.randomUUID(), id, USER);
    for (var origin : List.of(session, conversation, run, elsewhere)) {
      assertThat(append(origin, row())).containsExactly(1L);
    }
  }

  @Test
  void aPageHoldsTwoMebibytesAndAtLeastOneEvent() {
    var origin = ofSession();
    var large = "x".repeat(1_500_000);
    for (var i = 0; i < 3; i++) {
      append(origin, EventRow.of(ids.next(), Category.LOG, "line", large, null));
    }
    assertThat(read(origin, ALL, 0)).hasSize(2);
    assertThat(read(origin, ALL, 2)).hasSize(1);
  }

  @Test
  void thereArePartitionsForTheMonthsToComeAndMakingThemAgainMakesNone() {
    var partitions = new Partitions(postgres.database(), () -> Duration.ofDays(90));
    var present = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
    assertThat(months())
        .contains(
            month(present.minusMonths(1)),
            month(present),
            month(present.plusMonths(1)),
            month(present.plusMonths(2)));
    var before = months();
    partitions.make();
    assertThat(months()).isEqualTo(before);
  }

  @Test
  void oldMonthsGoAndWhatIsYoungInThemGoesOn() {
    var partitions = new Partitions(postgres.database(), () -> Duration.ofDays(90));
    var over = ofSession();
    append(over, row(), row());
    var alive = ofSession();
    append(alive, row(), row(), row());
    postgres.sql(
        """
        create table run_event_202501 partition of run_event for values from ('2025-01-01') to ('2025-02-01');
        alter table run_event_202501 owner to agent_run_owner;
        update event_stream set month = '2025-01-01' where subject_id in ('%s', '%s');
        update run_event e set month = '2025-01-01' from event_stream s
          where s.stream_id = e.stream_id and s.month = '2025-01-01';
        update run_event set created_at = '2025-01-20' where month = '2025-01-01' and (seq <= 2)"""
            .formatted(over.subject().id(), alive.subject().id()));
    assertThat(read(over, ALL, 0)).hasSize(2);

    partitions.run();

    assertThat(months()).doesNotContain("202501");
    assertThat(head(over)).isEqualTo(new Head(2, 2));
    assertThat(read(over, ALL, 0)).isEmpty();
    assertThat(head(alive)).isEqualTo(new Head(3, 2));
    assertThat(read(alive, ALL, 0)).extracting(RunEvent::seq).containsExactly(3L);
    assertThat(append(over, row())).containsExactly(3L);
    assertThat(append(alive, row())).containsExactly(4L);
    assertThat(read(over, ALL, 2)).extracting(RunEvent::seq).containsExactly(3L);
  }

  @Test
  void theServingRoleDropsNoMonthThatIsNotOver() {
    var present = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
    assertThat(postgres.rows("select drop_event_partition('%s')".formatted(present)))
        .containsExactly("f");
  }

  private List<String> months() {
    return postgres.rows(
        "select to_char(event_partitions, 'YYYYMM') from event_partitions() order by 1");
  }

  private static String month(LocalDate date) {
    return "%04d%02d".formatted(date.getYear(), date.getMonthValue());
  }

  private static Origin ofSession() {
    return Origin.session(TENANT, UUID.randomUUID(), USER);
  }

  private static Origin ofRun(UUID run, UUID session) {
    return Origin.run(TENANT, run, session, null, USER);
  }

  private EventRow row() {
    return EventRow.of(ids.next(), Category.LOG, "line", "hello", null);
  }

  private List<Long> append(Origin origin, EventRow... rows) {
    return postgres.database().write(db -> events.append(db, origin, List.of(rows)));
  }

  private StreamKey stream(Origin origin) {
    return postgres.database().read(db -> events.find(db, TENANT, origin.subject())).orElseThrow();
  }

  private Head head(Origin origin) {
    var stream = stream(origin);
    return postgres.database().read(db -> table.heads(db, List.of(stream)).get(stream));
  }

  private List<RunEvent> read(Origin origin, Filter filter, long after) {
    var stream = stream(origin);
    return postgres.database().read(db -> table.read(db, stream, filter, after, 1_000));
  }
}
