package dev.agentserver.e2e.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The message routes of the source document "Required Agent-Server Endpoints", word for word.
@ExtendWith(SharedServer.class)
class LiteralMessageRoutesTest {
  private User user;
  private Http http;
  private String conversation;
  private String messages;

  @BeforeEach
  void begin(Server server) {
    user = User.member(server);
    http = user.http();
    conversation = user.conversation("Rome");
    messages = "/conversations/" + conversation + "/messages";
  }

  @Test
  void theSourcesBodyIsAcceptedUnchangedAndPrintedAsItIs() {
    var body = "{\"role\":\"user\",\"content\":\"hi\",\"attachments\":[]}";
    var message = http.post(messages, body).expect(201).json();
    assertThat(message.path("role").asText()).isEqualTo("user");
    assertThat(message.path("content").asText()).isEqualTo("hi");
    assertThat(message.path("conversation_id").asText()).isEqualTo(conversation);
    assertThat(message.path("depth").isInt()).isTrue();
    assertThat(message.path("depth").asInt()).isZero();
    assertThat(message.path("created_at").asText()).isNotEmpty();
  }

  @Test
  void aMessageIsLinkedToItsRun() {
    var runs = "/v1/conversations/" + conversation + "/runs";
    var begun = http.post(runs, "{\"self_execute\": true}").expect(201).json();
    var run = begun.path("run").path("id").asText();
    var body = User.draft("assistant", "done").put("run_id", run);
    var created = http.post(messages, body).expect(201).json();
    assertThat(created.path("run_id").asText()).isEqualTo(run);
    var read = http.get("/messages/" + created.path("id").asText()).expect(200).json();
    assertThat(read.path("run_id").asText()).isEqualTo(run);
    var nowhere = http.post(messages, body.put("run_id", UUID.randomUUID().toString()));
    assertThat(nowhere.failure(400).fields()).containsExactly("run_id");
  }

  @Test
  void attachmentsComeBackInTheirOrder() {
    var body = User.draft("user", "see these");
    for (var name : new String[] {"b.txt", "a.txt"}) {
      body.withArray("attachments")
          .addObject()
          .put("file_id", user.upload("/v1/files", name, "twelve bytes"))
          .put("name", name)
          .put("media_type", "text/plain")
          .put("size_bytes", "12");
    }
    var created = http.post(messages, body).expect(201).json();
    var read = http.get("/messages/" + created.path("id").asText()).expect(200).json();
    assertThat(Json.texts(read.path("attachments"), "name")).containsExactly("b.txt", "a.txt");
    assertThat(read.path("attachments").path(0)).isEqualTo(body.path("attachments").path(0));
  }

  @Test
  void everyRoleIsPrintedByItsPlainName() {
    for (var role : new String[] {"system", "user", "assistant", "tool"}) {
      var message = http.post(messages, User.draft(role, "x")).expect(201).json();
      assertThat(message.path("role").asText()).isEqualTo(role);
    }
  }

  @Test
  void getMessageReturnsWhatWasPosted() {
    var created = http.post(messages, User.draft("user", "hi")).expect(201).json();
    var read = http.get("/messages/" + created.path("id").asText()).expect(200).json();
    assertThat(read).isEqualTo(created);
  }

  @Test
  void getMessagesIsAnArrayInTheOrderOfSpeaking() {
    for (var i = 0; i < 3; i++) {
      http.post(messages, User.draft("user", "number " + i)).expect(201);
    }
    var list = http.get(messages).expect(200).json();
    assertThat(list.isArray()).isTrue();
    assertThat(Json.texts(list, "content")).containsExactly("number 0", "number 1", "number 2");
  }

  @Test
  void getMessagesIsReadPageByPage() {
    var said = new ArrayList<String>();
    for (var i = 0; i < 7; i++) {
      said.add("number " + i);
      http.post(messages, User.draft("user", "number " + i)).expect(201);
    }
    var read = new ArrayList<String>();
    for (var token = "first"; !token.isEmpty(); ) {
      var from = token.equals("first") ? "" : "&page_token=" + Http.encoded(token);
      var page = http.get(messages + "?page_size=3" + from).expect(200);
      read.addAll(Json.texts(page.json(), "content"));
      token = page.header("X-Next-Page-Token").orElse("");
    }
    assertThat(read).isEqualTo(said);
  }
}
