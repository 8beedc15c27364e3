package dev.agentserver.e2e.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// More than there is room for.
@ExtendWith(SharedServer.class)
class TooMuchTest {
  private static final int MEGABYTE = 1 << 20;

  private User user;
  private Http http;
  private String conversation;
  private String messages;

  @BeforeEach
  void begin(Server server) {
    user = User.member(server);
    http = user.http();
    conversation = user.conversation("too much");
    messages = User.messages(conversation);
  }

  @AfterEach
  void nothingWasStoredAndTheServerIsHealthy() {
    assertThat(http.get(messages).expect(200).json().path("messages")).isEmpty();
    assertThat(http.get("/health").status()).isEqualTo(200);
  }

  @Test
  void aPartOfFiveMegabytesIsRefused() {
    var body = Json.object().put("role", "user");
    body.withArray("parts").addObject().put("text", "x".repeat(5 * MEGABYTE));
    var failure = http.post(messages, body).failure(400);
    assertThat(failure.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(failure.fields()).containsExactly("parts");
  }

  @Test
  void aPartOfFiveMegabytesIsRefusedByGrpcToo() {
    var request =
        CreateMessageRequest.newBuilder()
            .setConversationId(conversation)
            .setRole(Message.Role.user)
            .setContent("x".repeat(5 * MEGABYTE));
    var failure = Grpc.failure(() -> user.grpc().messages().createMessage(request.build()));
    assertThat(failure.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(failure.fields()).isNotEmpty();
  }

  @Test
  void aBodyOfManyMegabytesIsTooLarge() {
    var failure = http.post(messages, User.draft("user", "x".repeat(40 * MEGABYTE))).failure(413);
    assertThat(failure.reason()).isEqualTo("TOO_LARGE");
    assertThat(failure.metadata()).containsKey("limit_bytes");
  }

  @Test
  void aGrpcMessageOfManyMegabytesIsTooLarge() {
    var request =
        CreateMessageRequest.newBuilder()
            .setConversationId(conversation)
            .setRole(Message.Role.user)
            .setContent("x".repeat(20 * MEGABYTE));
    var failure = Grpc.failure(() -> user.grpc().messages().createMessage(request.build()));
    assertThat(failure.reason()).isEqualTo("TOO_LARGE");
  }

  @Test
  void tenThousandPartsAreRefused() {
    var body = Json.object().put("role", "user");
    for (var i = 0; i < 10_000; i++) {
      body.withArray("parts").addObject().put("text", "x");
    }
    assertThat(http.post(messages, body).failure(400).fields()).containsExactly("parts");
  }

  @Test
  void twentyOneAttachmentsAreRefused() {
    var body = User.draft("user", "see these");
    for (var i = 0; i < 21; i++) {
      body.withArray("attachments").addObject().put("file_id", UUID.randomUUID().toString());
    }
    assertThat(http.post(messages, body).failure(400).fields()).containsExactly("attachments");
  }

  @Test
  void aTitleOf256CharactersIsRefusedAndOneOf255IsNot() {
    var failure = http.post("/conversations", Json.object().put("title", "t".repeat(256)));
    assertThat(failure.failure(400).fields()).containsExactly("title");
    http.post("/conversations", Json.object().put("title", "🦉".repeat(255))).expect(201);
  }

  @Test
  void jsonNestedWithoutEndIsRefused() {
    var arrays = "{\"data\":{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}";
    var objects = "{\"data\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000) + "}";
    for (var part : new String[] {arrays, objects}) {
      var body = "{\"role\":\"user\",\"parts\":[" + part + "]}";
      assertThat(http.post(messages, body).failure(400).reason()).isEqualTo("INVALID_ARGUMENT");
    }
    assertThat(http.post(messages, "[".repeat(MEGABYTE)).failure(400).reason())
        .isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void aNumberOfAMillionDigitsIsRefused() {
    var body =
        "{\"role\":\"user\",\"content\":\"x\",\"input_tokens\":" + "9".repeat(MEGABYTE) + "}";
    assertThat(http.post(messages, body).failure(400).reason()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void headersOfAMegabyteAreRefused() {
    var reply = http.with("X-Large", "h".repeat(MEGABYTE)).get("/conversations");
    assertThat(reply.failure(431).reason()).isEqualTo("TOO_LARGE");
  }

  @Test
  void aRequestLineOfAHundredKilobytesIsRefused() {
    var reply = http.get("/conversations?title_contains=" + "q".repeat(100_000));
    assertThat(reply.status()).isIn(400, 414, 431);
    reply.failure(reply.status());
  }

  @Test
  void aQueryOfManyMapEntriesIsRefused() {
    var query = new StringBuilder("?");
    for (var i = 0; i < 300; i++) {
      query.append("metadata.k").append(i).append("=v&");
    }
    assertThat(http.get("/conversations" + query).failure(400).fields())
        .containsExactly("metadata");
  }
}
