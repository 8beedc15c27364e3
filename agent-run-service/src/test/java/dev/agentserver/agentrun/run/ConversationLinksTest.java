package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.RetryRunRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.UpdateSessionRequest;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Runs and sessions refer to conversations and messages that are there, also where those go just
/// then.
class ConversationLinksTest extends SessionRunTest {
  @Test
  void aRunThatBeginsWhileItsConversationGoesIsRefused() {
    var conversation = UUID.randomUUID();
    goneMeanwhile(conversation, () -> alice.create(in(conversation)));
    assertNoLink(conversation);
  }

  @Test
  void soIsOneThatWorksForAnother() {
    var conversation = UUID.randomUUID();
    var parent = alice.create(wanted());
    goneMeanwhile(
        conversation, () -> alice.create(in(conversation).setParentRunId(parent.getId())));
    assertNoLink(conversation);
  }

  @Test
  void soIsOneThatIsTriedAgain() {
    var conversation = UUID.randomUUID();
    var run = alice.create(in(conversation));
    worker.fail(acquire(run), false);
    var again = RetryRunRequest.newBuilder().setRunId(run.getId()).build();
    goneMeanwhile(conversation, () -> alice.runs().retryRun(again));
    assertNoLink(conversation);
  }

  @Test
  void soIsASession() {
    var made = UUID.randomUUID();
    goneMeanwhile(made, () -> session(made));
    var session = session();
    var changed = UUID.randomUUID();
    var change =
        UpdateSessionRequest.newBuilder()
            .setSession(Session.newBuilder().setId(session).setConversationId(changed.toString()))
            .build();
    goneMeanwhile(changed, () -> sessions.updateSession(change));
    assertThat(get(session).getConversationId()).isEmpty();
    assertNoLink(made);
  }

  @Test
  void aConversationThatHasComeBackTakesRuns() {
    var conversation = UUID.randomUUID();
    service.deleted(alice, conversation);
    assertThat(alice.create(in(conversation)).getConversationId())
        .isEqualTo(conversation.toString());
    assertThat(session(conversation).getConversationId()).isEqualTo(conversation.toString());
  }

  /// The run is written and not committed when the deletion is heard: that waits, and finds it.
  @Test
  void aDeletionWaitsForWhatIsBeingWritten() throws SQLException {
    var conversation = UUID.randomUUID();
    try (var stranger = service.stranger();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      stranger.setAutoCommit(false);
      try (var statement = stranger.createStatement()) {
        statement.execute(
            "insert into run_key values ('%s', '%s')".formatted(TENANT, conversation));
      }
      var created = CompletableFuture.supplyAsync(() -> alice.create(in(conversation)), threads);
      Await.until("the run is in the middle of it", () -> service.blocked() == 1);
      var heard = CompletableFuture.runAsync(() -> service.deleted(alice, conversation), threads);
      Await.until("the deletion waits for it", () -> service.blocked() == 2);
      stranger.rollback();
      var run = created.join();
      heard.join();
      assertThat(state(run)).isEqualTo(Run.State.STATE_CANCELLED);
      assertThat(alice.get(run).getConversationId()).isEmpty();
    }
    assertNoLink(conversation);
  }

  @Test
  void whatWasHeardLongAgoIsForgotten() {
    var old = UUID.randomUUID();
    var young = UUID.randomUUID();
    service.deleted(alice, old);
    service.deleted(alice, young);
    service.sql(
        "update conversation_gone set gone_at = gone_at - interval '2 days' where conversation_id = '%s'"
            .formatted(old));
    service.forgetGone();
    assertThat(service.column("select conversation_id from conversation_gone"))
        .contains(young.toString())
        .doesNotContain(old.toString());
  }

  @Test
  void aRunAnswersAMessageOfItsConversation() {
    var conversation = UUID.randomUUID();
    var said = service.conversations().message(conversation).toString();
    var run = alice.create(in(conversation).setInputMessageId(said));
    assertThat(run.getInputMessageId()).isEqualTo(said);
    assertProblem(
            Code.NOT_FOUND,
            "NOT_FOUND",
            () -> alice.create(in(conversation).setInputMessageId(UUID.randomUUID().toString())))
        .containsEntry("resource", "message");
    assertElsewhere(in(UUID.randomUUID()).setInputMessageId(said));
    assertElsewhere(wanted().setInputMessageId(said));
    assertElsewhere(in(session()).setInputMessageId(said));
    var session = session(conversation);
    worker.complete(acquire(run));
    assertThat(alice.create(in(session.getId()).setInputMessageId(said)).getInputMessageId())
        .isEqualTo(said);
  }

  @Test
  void whoMayNotWriteInAConversationMakesNoSessionThere() {
    var closed = service.conversations().closed();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> session(closed))
        .containsEntry("resource", "conversation");
  }

  @Test
  void whoMayNotWriteInAConversationAnyMoreTriesNothingAgainThere() {
    var conversation = UUID.randomUUID();
    var run = alice.create(in(conversation));
    worker.fail(acquire(run), false);
    service.conversations().close(conversation);
    var again = RetryRunRequest.newBuilder().setRunId(run.getId()).build();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.runs().retryRun(again))
        .containsEntry("resource", "conversation");
  }

  private void assertElsewhere(CreateRunRequest.Builder request) {
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> alice.create(request))
        .field("input_message_id");
  }

  /// Conversation-service says that it is there, and is heard to have deleted it before that is
  /// acted on.
  private void goneMeanwhile(UUID conversation, ThrowingCallable call) {
    service.conversations().afterwards(() -> service.deleted(alice, conversation));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", call)
        .containsEntry("resource", "conversation")
        .containsEntry("id", conversation.toString());
  }

  private void assertNoLink(UUID conversation) {
    assertThat(
            service.column(
                """
                select 'run' from run where conversation_id = '%1$s'
                union all select 'session' from session where conversation_id = '%1$s'"""
                    .formatted(conversation)))
        .isEmpty();
  }

  private CreateRunRequest.Builder in(UUID conversation) {
    return wanted().setConversationId(conversation.toString());
  }

  private Session session(UUID conversation) {
    return sessions.createSession(
        CreateSessionRequest.newBuilder()
            .setType(Session.Type.TYPE_CHAT)
            .setConversationId(conversation.toString())
            .build());
  }
}
