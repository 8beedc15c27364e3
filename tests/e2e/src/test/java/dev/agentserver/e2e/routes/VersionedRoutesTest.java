package dev.agentserver.e2e.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The same under `/v1`: objects instead of bare arrays, and what the sources do not ask for.
@ExtendWith(SharedServer.class)
class VersionedRoutesTest {
  private User user;
  private Http http;

  @BeforeEach
  void signIn(Server server) {
    user = User.member(server);
    http = user.http();
  }

  @Test
  void aListIsAnObjectWithItsNextPageToken() {
    user.conversation("first");
    var second = user.conversation("second");
    var page = http.get("/v1/conversations?page_size=1").expect(200).json();
    assertThat(Json.texts(page.path("conversations"), "id")).containsExactly(second);
    assertThat(page.path("next_page_token").asText()).isNotEmpty();
  }

  @Test
  void aConversationComesWithoutMessagesUnlessTheyAreAskedFor() {
    var id = user.conversation("Rome");
    user.message(id, "hi");
    assertThat(get(id, "").path("messages")).isEmpty();
    assertThat(get(id, "?view=CONVERSATION_VIEW_FULL").path("messages")).hasSize(1);
  }

  @Test
  void theIdOfANewConversationMayBeChosen() {
    var id = UUID.randomUUID().toString();
    var body = Json.object().put("conversation_id", id).put("title", "mine");
    assertThat(http.post("/v1/conversations", body).expect(201).json().path("id").asText())
        .isEqualTo(id);
    assertThat(http.post("/v1/conversations", body).failure(409).reason())
        .isEqualTo("ALREADY_EXISTS");
  }

  @Test
  void aConversationAndItsFirstMessagesAreCreatedTogether() {
    var body = Json.object();
    body.withArray("messages").add(User.draft("user", "Where is the Colosseum?"));
    body.withArray("messages").add(User.draft("assistant", "In Rome."));
    var created = http.post("/v1/conversations", body).expect(201).json();
    assertThat(created.path("title").asText()).isEqualTo("Where is the Colosseum?");
    assertThat(Json.texts(created.path("messages"), "content"))
        .containsExactly("Where is the Colosseum?", "In Rome.");
  }

  @Test
  void aBatchOfMessagesIsAppendedInItsOrder() {
    var id = user.conversation("Rome");
    user.message(id, "before");
    var body = Json.object();
    body.withArray("messages").add(User.draft("user", "a")).add(User.draft("assistant", "b"));
    var reply = http.post(User.messages(id) + ":batchCreate", body).expect(201).json();
    assertThat(Json.texts(reply.path("messages"), "depth")).containsExactly("1", "2");
    var read = http.get(User.messages(id)).json().path("messages");
    assertThat(Json.texts(read, "content")).containsExactly("before", "a", "b");
  }

  @Test
  void aDeletedConversationIsBroughtBackWithEverythingInIt() {
    var id = user.conversation("Rome");
    user.message(id, "hi");
    http.delete("/v1/conversations/" + id).expect(204);
    http.post("/v1/conversations/" + id + ":undelete", "{}").expect(200);
    var read = http.get(User.messages(id)).expect(200).json().path("messages");
    assertThat(Json.texts(read, "content")).containsExactly("hi");
    assertThat(http.post("/v1/conversations/" + id + ":undelete", "{}").failure(400).reason())
        .isEqualTo("NOT_DELETED");
  }

  @Test
  void messagesAreReadFromEitherEndAndAroundOne() {
    var id = user.conversation("Rome");
    var third = "";
    for (var i = 0; i < 5; i++) {
      var message = user.message(id, "number " + i);
      third = i == 2 ? message : third;
    }
    assertThat(contents(id, "?order=ORDER_NEWEST_FIRST&page_size=2"))
        .containsExactly("number 4", "number 3");
    assertThat(contents(id, "?page_size=3&around_message_id=" + third))
        .containsExactly("number 1", "number 2", "number 3");
  }

  @Test
  void aFieldIsReadInBothSpellings() {
    var id = UUID.randomUUID().toString();
    var body = Json.object().put("conversationId", id).put("externalId", "x-" + id);
    var created = http.post("/v1/conversations", body).expect(201).json();
    assertThat(created.path("external_id").asText()).isEqualTo("x-" + id);
    assertThat(http.get("/v1/conversations?externalId=x-" + id).json().path("conversations"))
        .hasSize(1);
  }

  @Test
  void everyKindOfPartComesBackAsItWasSent() {
    var id = user.conversation("parts");
    var body = Json.object().put("role", "assistant");
    body.set(
        "parts",
        Json.parse(
            """
            [{"text":"Let me look."},
             {"reasoning":{"text":"The user wants the weather.","signature":"c2ln"}},
             {"tool_call":{"id":"call-1","name":"weather","input":{"city":"Rome","days":3,"hourly":false,"tags":["a",null]}}},
             {"tool_result":{"tool_call_id":"call-1","output":{"celsius":21.5},"is_error":false}},
             {"file":{"file_id":"%s","name":"a.txt","media_type":"text/plain"}},
             {"data":{"card":{"title":"Rome"}}}]
            """
                .formatted(user.upload("/v1/files", "a.txt", "a map"))));
    var created = http.post(User.messages(id), body).expect(201).json();
    var read = http.get("/v1/messages/" + created.path("id").asText()).expect(200).json();
    assertThat(read.path("parts")).isEqualTo(created.path("parts"));
    assertThat(read.path("parts")).hasSameSizeAs(body.path("parts"));
    for (var i = 0; i < body.path("parts").size(); i++) {
      assertHolds(read.path("parts").path(i), body.path("parts").path(i));
    }
  }

  /// Every field that was sent is there, as it was sent: 3 is not 3.0.
  private static void assertHolds(JsonNode actual, JsonNode sent) {
    if (sent.isObject()) {
      sent.properties()
          .forEach(field -> assertHolds(actual.path(field.getKey()), field.getValue()));
    } else {
      assertThat(actual).isEqualTo(sent);
    }
  }

  private JsonNode get(String id, String query) {
    return http.get("/v1/conversations/" + id + query).expect(200).json();
  }

  private List<String> contents(String id, String query) {
    var page = http.get(User.messages(id) + query).expect(200).json();
    return Json.texts(page.path("messages"), "content");
  }
}
