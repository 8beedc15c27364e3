package dev.agentserver.conversation.sidebar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Subscription;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Looks when it is told to, so that every statement is counted.
class LookoutTest extends ServiceTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final Metrics metrics = new Metrics("test");
  private EventLog<Long> log;
  private Lookout lookout;

  @BeforeAll
  void openBells() {
    var database = service.database();
    log =
        EventLog.open(
            "elsewhere",
            database.config(),
            database.database(),
            new NoEvents(),
            metrics,
            EventLogLimits.defaults().withoutDoorbell());
  }

  @AfterAll
  void closeBells() {
    log.close();
    metrics.close();
  }

  @BeforeEach
  void openLookout() {
    lookout = new Lookout(service.database().database(), Sidebar.OVERLAP);
  }

  @Test
  void howeverManyFollowOneLookIsOneStatement() {
    for (var i = 0; i < 500; i++) {
      enter(new StreamKey(i % 2 == 0 ? TENANT : UUID.randomUUID(), UUID.randomUUID()));
    }
    assertThat(service.database().statements(lookout::look)).isEqualTo(1);
  }

  @Test
  void whereNobodyFollowsNothingIsAsked() {
    var key = new StreamKey(TENANT, alice.caller().principalId());
    var bell = enter(key);
    lookout.leave(key, bell);
    assertThat(service.database().statements(lookout::look)).isZero();
  }

  @Test
  void theListsInWhichSomethingChangedAreWokenOnceAndNoOthers() {
    var people = IntStream.range(0, 20).mapToObj(_ -> service.person(TENANT, "MEMBER")).toList();
    var bells = new HashMap<UUID, Subscription>();
    people.forEach(
        person -> {
          var user = person.caller().principalId();
          bells.put(user, enter(new StreamKey(TENANT, user)));
        });
    var conversation = conversation(people.get(3));
    service.join(conversation.getId(), TENANT, people.get(5), "VIEWER");
    var members =
        new UUID[] {people.get(3).caller().principalId(), people.get(5).caller().principalId()};
    lookout.look();
    assertThat(rung(bells)).containsExactlyInAnyOrder(members);
    lookout.look();
    assertThat(rung(bells)).isEmpty();
    people
        .get(3)
        .conversations()
        .updateConversation(
            UpdateConversationRequest.newBuilder()
                .setConversation(conversation.toBuilder().setTitle("new").clearEtag())
                .build());
    lookout.look();
    assertThat(rung(bells)).containsExactlyInAnyOrder(members);
  }

  @Test
  void twoStreamsOfOneUserAreBothWoken() {
    var key = new StreamKey(TENANT, alice.caller().principalId());
    var phone = enter(key);
    var laptop = enter(key);
    conversation(alice);
    lookout.look();
    assertThat(phone.await(Duration.ZERO)).isTrue();
    assertThat(laptop.await(Duration.ZERO)).isTrue();
  }

  @Test
  void aLookThatFailsIsMadeUpForByTheNext() {
    var bell = enter(new StreamKey(TENANT, bob.caller().principalId()));
    conversation(bob);
    service.sql("alter table conversation_member_gone rename to away");
    try (var log = LogCapture.of(Lookout.class)) {
      lookout.look();
      lookout.look();
      assertThat(log.lines()).as("a failure is told once").hasSize(1);
    } finally {
      service.sql("alter table away rename to conversation_member_gone");
    }
    assertThat(bell.await(Duration.ZERO)).isFalse();
    lookout.look();
    assertThat(bell.await(Duration.ZERO)).isTrue();
  }

  @Test
  void whoFollowsAListInWhichNothingHappensAsksNothing() {
    var database = service.database().database();
    var limits = new SidebarLimits(Duration.ofMillis(50), NEVER, NEVER, NEVER, NEVER);
    try (var sidebar =
        new Sidebar(database, log.bells(), new Revocations(), Clock.systemUTC(), limits)) {
      var lists = new ArrayList<Following<Change>>();
      for (var i = 0; i < 50; i++) {
        var person = service.person(TENANT, "MEMBER");
        lists.add(new Following<>(reader -> sidebar.follow(person.caller(), "", reader)));
      }
      lists.forEach(list -> heartbeats(list, 2));
      var statements =
          service.database().statements(() -> lists.forEach(list -> heartbeats(list, 5)));
      assertThat(statements).isZero();
      lists.forEach(Following::close);
    }
  }

  @Test
  void aStreamOutlivesADatabaseThatFailsForAWhileAndFailsWithOneThatStaysAway() {
    try (var quiet = LogCapture.of(Lookout.class);
        var patient = sidebar(Duration.ofSeconds(30));
        var impatient = sidebar(Duration.ZERO);
        var survivor = new Following<Change>(to -> patient.follow(alice.caller(), "", to));
        var victim = new Following<Change>(to -> impatient.follow(alice.caller(), "", to))) {
      heartbeats(survivor, 2);
      heartbeats(victim, 2);
      assertThat(quiet.lines()).isEmpty();
      service.sql("alter table conversation_member_gone rename to away");
      ring(alice);
      try {
        victim.awaitFailure();
        heartbeats(survivor, survivor.all().size() + 2);
      } finally {
        service.sql("alter table away rename to conversation_member_gone");
      }
      var after = conversation(alice);
      survivor.await(
          "what came after",
          change ->
              change instanceof Change.Shown(_, var now)
                  && now.id().toString().equals(after.getId()));
    }
  }

  private Sidebar sidebar(Duration outage) {
    return new Sidebar(
        service.database().database(),
        log.bells(),
        new Revocations(),
        Clock.systemUTC(),
        new SidebarLimits(
            Duration.ofMillis(50), NEVER, Duration.ofMillis(20), Duration.ofSeconds(3), outage));
  }

  private void ring(Person person) {
    var key = new StreamKey(TENANT, person.caller().principalId());
    service
        .database()
        .database()
        .write(
            db -> {
              log.bells().ring(db, key, 1);
              return true;
            });
  }

  private static void heartbeats(Following<Change> list, int count) {
    Await.until(
        count + " heartbeats",
        () -> list.all().stream().filter(Change.Heartbeat.class::isInstance).count() >= count);
  }

  private static List<UUID> rung(HashMap<UUID, Subscription> bells) {
    return bells.entrySet().stream()
        .filter(bell -> bell.getValue().await(Duration.ZERO))
        .map(Map.Entry::getKey)
        .toList();
  }

  private Subscription enter(StreamKey user) {
    var bell = log.bells().subscribe(user);
    lookout.enter(user, bell);
    return bell;
  }
}
