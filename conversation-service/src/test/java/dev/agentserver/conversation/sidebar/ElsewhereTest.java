package dev.agentserver.conversation.sidebar;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.MarkReadRequest;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.test.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// The feed as another process than the one that writes has it: no bell rings, it finds out by
/// looking.
abstract class ElsewhereTest extends ServiceTest {
  static final SidebarLimits LIMITS =
      new SidebarLimits(
          Duration.ofMillis(100),
          Duration.ofHours(1),
          Duration.ofMillis(20),
          Duration.ofSeconds(3),
          Duration.ofSeconds(30));

  private final Metrics metrics = new Metrics("test");
  final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T00:00:00Z"));
  private EventLog<Long> log;
  Sidebar sidebar;
  Person carol;

  @BeforeAll
  void openSidebar() {
    var database = service.database();
    log =
        EventLog.open(
            "elsewhere",
            database.config(),
            database.database(),
            new NoEvents(),
            metrics,
            EventLogLimits.defaults().withoutDoorbell());
    sidebar = new Sidebar(database.database(), log.bells(), new Revocations(), clock, LIMITS);
  }

  @AfterAll
  void closeSidebar() {
    sidebar.close();
    log.close();
    metrics.close();
  }

  @BeforeEach
  void somebodyWithoutConversations() {
    carol = service.person(TENANT, "MEMBER");
  }

  Following<Change> follow(Person person, String token) {
    var list = new Following<Change>(reader -> sidebar.follow(person.caller(), token, reader));
    list.await("that it is open", _ -> true);
    return list;
  }

  /// A token of now.
  String token(Person person) {
    try (var list = follow(person, "")) {
      return ResumeToken.of(list.all().getFirst().seen());
    }
  }

  static List<String> shown(Following<Change> list) {
    return list.all().stream()
        .filter(Change.Shown.class::isInstance)
        .map(change -> ((Change.Shown) change).conversation().id().toString())
        .toList();
  }

  static Predicate<Change> shows(
      Conversation conversation,
      Predicate<dev.agentserver.conversation.conversation.Conversation> state) {
    return change ->
        change instanceof Change.Shown(_, var now)
            && now.id().toString().equals(conversation.getId())
            && state.test(now);
  }

  static Predicate<Change> tellsGone(Conversation conversation) {
    return change ->
        change instanceof Change.Gone(_, var id)
            && id.equals(UUID.fromString(conversation.getId()));
  }

  static String title(dev.agentserver.conversation.conversation.Conversation now) {
    return now.attributes().title();
  }

  static void rename(Person person, Conversation conversation, String title) {
    person
        .conversations()
        .updateConversation(
            UpdateConversationRequest.newBuilder()
                .setConversation(
                    Conversation.newBuilder().setId(conversation.getId()).setTitle(title))
                .build());
  }

  static void markRead(Person person, Conversation conversation) {
    person
        .conversations()
        .markRead(MarkReadRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  static void delete(Person person, Conversation conversation, boolean purge) {
    person
        .conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setPurge(purge)
                .build());
  }

  void undelete(Conversation conversation) {
    carol
        .conversations()
        .undeleteConversation(
            dev.agentserver.conversation.v1.UndeleteConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .build());
  }
}
