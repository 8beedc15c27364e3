package dev.agentserver.e2e.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.Together;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class ConcurrentWritesTest {
  private static final int CALLERS = 64;

  private User user;

  @BeforeEach
  void signIn(Server server) {
    user = User.member(server);
  }

  @Test
  void manyRetriesWithOneIdempotencyKeyMakeOneConversationAndGetOneReply() {
    var http = user.http().with("Idempotency-Key", UUID.randomUUID().toString());
    var replies =
        Together.run(CALLERS, _ -> http.post("/conversations", "{\"title\":\"once\"}").expect(201));
    assertThat(replies).extracting(Reply::body).containsOnly(replies.getFirst().body());
    assertThat(user.http().get("/conversations").json()).hasSize(1);
  }

  @Test
  void manyRetriesWithOneIdempotencyKeyMakeOneMessageAndGetOneReply() {
    var conversation = user.conversation("retries");
    var http = user.http().with("Idempotency-Key", UUID.randomUUID().toString());
    var path = "/conversations/" + conversation + "/messages";
    var replies = Together.run(CALLERS, _ -> http.post(path, User.draft("user", "hi")).expect(201));
    assertThat(replies).extracting(Reply::body).containsOnly(replies.getFirst().body());
    assertThat(user.http().get(path).json()).hasSize(1);
  }

  @Test
  void manyRetriesWithOneRequestIdMakeOneConversationAndGetOneReply() {
    var request =
        CreateConversationRequest.newBuilder()
            .setTitle("once")
            .setRequestId(UUID.randomUUID().toString())
            .build();
    var replies =
        Together.run(CALLERS, _ -> user.grpc().conversations().createConversation(request));
    assertThat(replies).containsOnly(replies.getFirst());
    assertThat(user.http().get("/conversations").json()).hasSize(1);
  }

  @Test
  void aRetryByAnotherDoorGetsTheSameReply() {
    var conversation = user.conversation("doors");
    var key = UUID.randomUUID().toString();
    var request =
        CreateMessageRequest.newBuilder()
            .setConversationId(conversation)
            .setRole(Message.Role.user)
            .setContent("hi")
            .setRequestId(key)
            .build();
    var first = user.grpc().messages().createMessage(request);
    var http = user.http().with("Idempotency-Key", key);
    var again = http.post(User.messages(conversation), User.draft("user", "hi")).expect(201);
    assertThat(again.json().path("id").asText()).isEqualTo(first.getId());
  }

  @Test
  void aKeyThatCameWithAnotherBodyIsRefused() {
    var http = user.http().with("Idempotency-Key", UUID.randomUUID().toString());
    http.post("/conversations", "{\"title\":\"one\"}").expect(201);
    assertThat(http.post("/conversations", "{\"title\":\"two\"}").failure(400).reason())
        .isEqualTo("REQUEST_ID_REUSED");
    assertThat(user.http().get("/conversations").json()).hasSize(1);
  }

  @Test
  void theSameKeyOfAnotherUserIsAnotherKey(Server server) {
    var key = UUID.randomUUID().toString();
    var mine = user.http().with("Idempotency-Key", key).post("/conversations", "{}").expect(201);
    var other = User.member(server).http().with("Idempotency-Key", key);
    var theirs = other.post("/conversations", "{}").expect(201);
    assertThat(theirs.json().path("id")).isNotEqualTo(mine.json().path("id"));
  }

  @Test
  void aRefusedWriteCanBeCorrectedUnderTheSameKey() {
    var http = user.http().with("Idempotency-Key", UUID.randomUUID().toString());
    http.post("/conversations", "{\"model\":\"" + "m".repeat(256) + "\"}").failure(400);
    http.post("/conversations", "{\"model\":\"m\"}").expect(201);
  }

  @Test
  void messagesCreatedAtTheSameMomentGetTheDepthsFromZeroWithoutGaps() {
    var conversation = user.conversation("crowd");
    var path = User.messages(conversation);
    var replies =
        Together.run(
            CALLERS, i -> user.http().post(path, User.draft("user", "m" + i)).expect(201).json());
    assertThat(replies)
        .extracting(message -> message.path("depth").asInt())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, CALLERS).boxed().toList());
    assertRead(conversation, path);
  }

  private void assertRead(String conversation, String path) {
    var read = user.http().get(path + "?page_size=1000").expect(200).json().path("messages");
    assertThat(Json.texts(read, "depth"))
        .isEqualTo(IntStream.range(0, CALLERS).mapToObj(Integer::toString).toList());
    List<Long> seqs = Json.texts(read, "seq").stream().map(Long::valueOf).toList();
    assertThat(seqs).isSorted().doesNotHaveDuplicates();
    assertThat(
            user.http().get("/conversations/" + conversation).json().path("message_count").asInt())
        .isEqualTo(CALLERS);
  }
}
