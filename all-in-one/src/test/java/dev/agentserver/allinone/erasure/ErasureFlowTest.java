package dev.agentserver.allinone.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentserver.allinone.erasure.House.Person;
import dev.agentserver.allinone.erasure.House.Tenant;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.End;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.v1.ErasedTable;
import dev.agentserver.settings.v1.Erasure;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// settings-service asks, conversation-service does, and the report proves it.
class ErasureFlowTest {
  private static final String CONVERSATION = "conversation-service";

  /// The audit trail holds ids for this reason, and the order itself lives a little longer.
  private static final Set<String> TRAIL = Set.of("audit_entry");

  private static final Set<String> TRAIL_AND_ORDER =
      Set.of("audit_entry", "erasure_task", "erasure_tally");

  /// What is said of an erasure, what refuses tokens that still live, and replies, kept a day.
  private static final Set<String> SETTINGS =
      Set.of(
          "audit_entry",
          "erasure",
          "erasure_report",
          "erasure_report_table",
          "outbox_fact",
          "revocation",
          "idempotency_key.reply");

  private House house;
  private Tenant tenant;
  private Person alice;
  private Person bob;

  @BeforeEach
  void open() {
    house = new House();
    tenant = house.tenant();
    alice = house.person(tenant, "alice");
    bob = house.person(tenant, "bob");
  }

  @AfterEach
  void close() {
    house.close();
  }

  private Traces conversationTraces(Set<String> kept) {
    return new Traces(house.conversationDatabase(), kept);
  }

  @Test
  void aUserIsErasedEverywhereAndTheReportProvesIt() {
    var own = alice.converse("own");
    alice.say(own.getId(), "a secret");
    alice.begin(own.getId(), "half an answer");
    var trash = alice.converse("trash");
    alice
        .conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder().setConversationId(trash.getId()).build());
    var watched = alice.converse("watched by one who may only read");
    house.join(watched, bob, "VIEWER", 3);
    var bobs = bob.converse("of bob");
    house.join(bobs, alice, "EDITOR", 3);
    alice.say(bobs.getId(), "from alice");
    house.conversationDatabase().sql("update message set run_id = message_id");
    bob.say(bobs.getId(), "from bob");
    var reader = Listener.to(bob, watched.getId());
    var herself = Listener.to(alice, bobs.getId());
    assertThat(conversationTraces(TRAIL).of(alice.id())).isNotEmpty();

    var done = house.awaitComplete(house.erase(tenant, alice));

    assertThat(conversationTraces(TRAIL_AND_ORDER).of(alice.id())).isEmpty();
    assertThat(new Traces(house.settingsDatabase(), SETTINGS).of(alice.id())).isEmpty();
    assertThat(reader.end()).isEqualTo(End.Reason.REASON_DELETED);
    assertThat(herself.end()).isEqualTo(End.Reason.REASON_REVOKED);
    assertThat(messages(bob, bobs.getId()))
        .extracting(Message::getContent, Message::getAuthorId, Message::getRunId)
        .containsExactly(tuple("from alice", "", ""), tuple("from bob", bob.id().toString(), ""));
    assertThat(removed(done, "conversation")).isEqualTo(3);
    assertThat(removed(done, "conversation_member")).isEqualTo(5);
    assertThat(removed(done, "message")).isEqualTo(2);
    assertThat(removed(done, "message_stream")).isEqualTo(1);
    assertThat(table(done, "message").getRowsChanged()).isEqualTo(1);
    assertThat(removed(done, "idempotency_key")).isPositive();
    assertThat(done.getReportsList())
        .allSatisfy(
            report -> {
              assertThat(report.getRowsRemaining()).isZero();
              assertThat(report.getTablesList())
                  .isNotEmpty()
                  .allMatch(table -> table.getRowsRemaining() == 0);
            });

    house.later();
    Await.until("the order is gone", () -> orders().isEmpty());
    assertThat(conversationTraces(TRAIL).of(alice.id())).isEmpty();
  }

  @Test
  void aSharedConversationGoesToTheEditorWhoHasBeenThereLongest() {
    var carol = house.person(tenant, "carol");
    var shared = alice.converse("shared");
    alice.say(shared.getId(), "hello");
    house.join(shared, bob, "EDITOR", 2);
    house.join(shared, carol, "EDITOR", 5);
    var done = house.awaitComplete(house.erase(tenant, alice));
    var found =
        carol
            .conversations()
            .getConversation(
                GetConversationRequest.newBuilder().setConversationId(shared.getId()).build());
    assertThat(found.getOwnerId()).isEqualTo(carol.id().toString());
    assertThat(found.getEtag()).isNotEqualTo(shared.getEtag());
    assertThat(messages(carol, shared.getId())).hasSize(1);
    assertThat(table(done, "conversation").getRowsChanged()).isEqualTo(1);
    assertThat(removed(done, "conversation")).isZero();
    assertThat(conversationTraces(TRAIL_AND_ORDER).of(alice.id())).isEmpty();
    var indexed = "select 1 from message_search where words @@ '''u:%s'' & hello'";
    assertThat(house.conversationDatabase().rows(indexed.formatted(carol.id()))).hasSize(1);
    // It is hers to delete now.
    carol
        .conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder().setConversationId(shared.getId()).build());
  }

  @Test
  void aTenantIsErasedEverywhereAndNobodyElseIs() {
    var other = house.tenant();
    var dora = house.person(other, "dora");
    var theirs = dora.converse("theirs");
    dora.say(theirs.getId(), "stays");
    var others = conversationTraces(Set.of()).of(other.id());
    var own = alice.converse("own");
    alice.say(own.getId(), "goes");
    alice.begin(own.getId(), "half an answer");
    bob.say(bob.converse("of bob").getId(), "goes too");
    var reader = Listener.to(alice, own.getId());

    var done = house.awaitComplete(house.erase(tenant));

    assertThat(conversationTraces(TRAIL_AND_ORDER).of(tenant.id())).isEmpty();
    assertThat(new Traces(house.settingsDatabase(), SETTINGS).of(tenant.id())).isEmpty();
    assertThat(conversationTraces(Set.of()).of(other.id())).isEqualTo(others);
    assertThat(messages(dora, theirs.getId())).hasSize(1);
    assertThat(reader.end()).isIn(End.Reason.REASON_DELETED, End.Reason.REASON_REVOKED);
    assertThat(removed(done, "conversation")).isEqualTo(2);
    assertThat(removed(done, "message")).isEqualTo(3);

    house.later();
    Await.until("the order is gone", () -> orders().isEmpty());
    assertThat(conversationTraces(TRAIL).of(tenant.id())).isEmpty();
  }

  @Test
  void whatIsWrittenMeanwhileIsFoundWhenItIsLookedAtOnceMore() {
    alice.converse("own");
    var begun = house.erase(tenant, alice);
    house.awaitComplete(begun);
    // As a call would that was under way with a token that no other process knew to be revoked.
    var late = UUID.randomUUID();
    house
        .conversationDatabase()
        .sql(
            """
            insert into conversation select tenant_id, '%s', '%s', title, model, agent_id, temporary, null, metadata, 0, '', 0, 0, 1,
              null, null, now(), now(), now(), null, null, 0, now() from (select '%s'::uuid as tenant_id, 'late' as title, '' as model,
              null::uuid as agent_id, false as temporary, '{}'::jsonb as metadata) late"""
                .formatted(late, alice.id(), tenant.id()));
    house.later();
    Await.until("the order is gone", () -> orders().isEmpty());
    assertThat(conversationTraces(TRAIL).of(alice.id())).isEmpty();
    assertThat(removed(house.erasure(begun), "conversation")).isEqualTo(2);
  }

  @Test
  void whileSettingsServiceIsAwayTheWorkGoesOnAndTheReportWaits() throws Exception {
    var own = alice.converse("own");
    try (var stranger = lock(own.getId())) {
      var begun = house.erase(tenant, alice);
      Await.until("the order is here", () -> !orders().isEmpty());
      house.stopSettings();
      stranger.rollback();
      Await.until(
          "it is done and cannot be reported",
          () ->
              house
                  .conversationDatabase()
                  .rows("select 1 from erasure_task where attempts > 0 and reported_at is null")
                  .equals(List.of("1")));
      assertThat(conversationTraces(TRAIL_AND_ORDER).of(alice.id())).isEmpty();
      assertThat(health()).isEqualTo(200);
      house.startSettings();
      assertThat(house.erasure(begun).getComplete()).isFalse();
      house.awaitComplete(begun);
    }
  }

  @Test
  void whoeverStartsFirstTheFactIsLearned() throws Exception {
    alice.converse("own");
    house.stopConversation();
    var begun = house.erase(tenant, alice);
    house.stopSettings();
    house.startConversation();
    assertThat(health()).isEqualTo(200);
    assertThat(conversationTraces(TRAIL).of(alice.id())).isNotEmpty();
    house.startSettings();
    house.awaitComplete(begun);
    assertThat(conversationTraces(TRAIL_AND_ORDER).of(alice.id())).isEmpty();
  }

  @Test
  void aProcessThatIsKilledInTheMiddleIsSucceeded(@TempDir Path directory) throws Exception {
    for (var n = 0; n < 20; n++) {
      alice.say(alice.converse("own " + n).getId(), "hello");
    }
    var middle = alice.converse("the middle");
    for (var n = 0; n < 20; n++) {
      alice.say(alice.converse("later " + n).getId(), "hello");
    }
    house.stopConversation();
    Erasure begun;
    try (var child = house.startConversationProcess(directory.resolve("out"));
        var stranger = lock(middle.getId())) {
      Await.until("the process serves", () -> child.said().contains(" serves "));
      begun = house.erase(tenant, alice);
      Await.until(
          "it is in the middle: " + child.said(),
          () -> tally("conversation").equals(List.of("20")) && blocked());
      child.kill();
      stranger.rollback();
    }
    house.startConversation();
    house
        .conversationDatabase()
        .sql("update erasure_task set due_at = now() where reported_at is null");
    var done = house.awaitComplete(begun);
    assertThat(conversationTraces(TRAIL_AND_ORDER).of(alice.id())).isEmpty();
    // What was counted before the kill is counted once.
    assertThat(removed(done, "conversation")).isEqualTo(41);
    assertThat(removed(done, "message")).isEqualTo(40);
  }

  @Test
  void aFactThatIsDeliveredTwiceChangesNothing() {
    alice.converse("own");
    var done = house.awaitComplete(house.erase(tenant, alice));
    house.later();
    Await.until("the order is gone", () -> orders().isEmpty());
    var reported = house.erasure(done);
    house.conversationDatabase().sql("update outbox_cursor set position = 0");
    var carol = house.person(tenant, "carol");
    carol.converse("own");
    house.awaitComplete(house.erase(tenant, carol));
    assertThat(house.erasure(done)).isEqualTo(reported);
    assertThat(
            house
                .conversationDatabase()
                .rows("select 1 from erasure_task where user_id = '" + alice.id() + "'"))
        .isEmpty();
  }

  private static List<Message> messages(Person person, String conversationId) {
    return person
        .messages()
        .listMessages(ListMessagesRequest.newBuilder().setConversationId(conversationId).build())
        .getMessagesList();
  }

  /// Stands in the way of whoever wants to change the conversation.
  private Connection lock(String conversationId) throws SQLException {
    var stranger = house.conversationDatabase().superuser();
    stranger.setAutoCommit(false);
    try (var statement = stranger.createStatement()) {
      statement.execute(
          "select 1 from conversation where conversation_id = '%s' for update"
              .formatted(conversationId));
    }
    return stranger;
  }

  private boolean blocked() {
    return !house
        .conversationDatabase()
        .rows(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
        .isEmpty();
  }

  private List<String> orders() {
    return house.conversationDatabase().rows("select erasure_id from erasure_task");
  }

  private List<String> tally(String table) {
    return house
        .conversationDatabase()
        .rows("select rows_removed from erasure_tally where table_name = '" + table + "'");
  }

  private int health() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + house.conversationAdminPort() + "/health");
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode();
    }
  }

  private static ErasedTable table(Erasure erasure, String name) {
    return erasure.getReportsList().stream()
        .filter(report -> report.getService().equals(CONVERSATION))
        .flatMap(report -> report.getTablesList().stream())
        .filter(table -> table.getTable().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static long removed(Erasure erasure, String name) {
    return table(erasure, name).getRowsRemoved();
  }
}
