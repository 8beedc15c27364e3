package dev.agentserver.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A worker that answers in a user's conversation by the token of the run, and hears when nobody
/// wants the answer any more.
@ExtendWith(SharedServer.class)
class RunInConversationTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Server server;
  private final String queue = "q" + UUID.randomUUID();

  private User ann;
  private String conversation;
  private RunLease lease;
  private User worker;

  RunInConversationTest(Server server) {
    this.server = server;
  }

  @BeforeEach
  void begin() {
    ann = User.member(server);
    conversation = ann.conversation("a trip");
    ann.message(conversation, "Where to?");
    var agent = made("/v1/agents", "{\"name\": \"guide\"}");
    made(
        "/v1/conversations/" + conversation + "/runs",
        "{\"agent_id\": \"%s\", \"queue\": \"%s\"}".formatted(agent, queue));
    var request = AcquireRunRequest.newBuilder().addQueues(queue).setRequestId(queue).build();
    lease =
        User.owner(server, 1)
            .grpc()
            .call(WorkerServiceGrpc.getAcquireRunMethod(), request)
            .getLease();
    worker = User.bearing(server, lease.getToken().getToken());
  }

  private String made(String path, String body) {
    return ann.http().post(path, body).expect(201).json().path("id").asText();
  }

  private MessageStream answer(String where) {
    return worker
        .grpc()
        .streams()
        .beginMessage(
            BeginMessageRequest.newBuilder()
                .setConversationId(where)
                .setRole(Message.Role.assistant)
                .setRunId(lease.getRun().getId())
                .setRequestId(UUID.randomUUID().toString())
                .build());
  }

  private void append(MessageStream answer, String text) {
    worker
        .grpc()
        .streams()
        .appendMessage(
            AppendMessageRequest.newBuilder()
                .setMessageId(answer.getMessage().getId())
                .setWriterEpoch(answer.getWriterEpoch())
                .addDeltas(Delta.newBuilder().setText(text))
                .build());
  }

  private String state() {
    return ann.http()
        .get("/v1/runs/" + lease.getRun().getId())
        .expect(200)
        .json()
        .path("state")
        .asText();
  }

  @Test
  void itReadsWhatWasSaidAndStreamsItsAnswerThereAndNowhereElse() {
    var said =
        worker
            .grpc()
            .messages()
            .listMessages(ListMessagesRequest.newBuilder().setConversationId(conversation).build());
    assertThat(said.getMessagesList()).extracting(Message::getContent).containsExactly("Where to?");
    var answer = answer(conversation);
    append(answer, "To the sea.");
    worker
        .grpc()
        .streams()
        .completeMessage(
            CompleteMessageRequest.newBuilder()
                .setMessageId(answer.getMessage().getId())
                .setWriterEpoch(answer.getWriterEpoch())
                .build());

    var messages = ann.http().get(User.messages(conversation)).expect(200).json();
    assertThat(messages.findValuesAsText("content")).contains("To the sea.");
    var elsewhere = ann.conversation("another trip");
    assertThat(Grpc.failure(() -> answer(elsewhere)).reason()).isEqualTo("NOT_FOUND");
  }

  @Test
  void aMessageThatIsStoppedStopsTheRun() {
    var answer = answer(conversation);
    append(answer, "To the");
    assertThat(state()).isEqualTo("STATE_RUNNING");

    ann.http().post("/v1/messages/" + answer.getMessage().getId() + ":stop", "{}").expect(200);

    Await.until("the run is told to end", SOON, () -> state().equals("STATE_CANCELLING"));
  }
}
