package dev.agentserver.e2e.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The conversation routes of the source document "Required Agent-Server Endpoints", word for word.
@ExtendWith(SharedServer.class)
class LiteralConversationRoutesTest {
  private Http http;

  @BeforeEach
  void signIn(Server server) {
    http = User.member(server).http();
  }

  @Test
  void postConversationsCreatesOneFromATitle() {
    var reply = http.post("/conversations", "{\"title\": \"Trip to Rome\"}").expect(201);
    var conversation = reply.json();
    assertThat(UUID.fromString(conversation.path("id").asText()).version()).isEqualTo(7);
    assertThat(conversation.path("title").asText()).isEqualTo("Trip to Rome");
    assertThat(Instant.parse(conversation.path("created_at").asText())).isBefore(Instant.now());
    assertThat(conversation.path("message_count").isInt()).isTrue();
    assertThat(reply.header("Location"))
        .hasValueSatisfying(
            location ->
                assertThat(location)
                    .endsWith("/conversations/" + conversation.path("id").asText()));
  }

  @Test
  void getConversationsIsAnArrayWithTheLatestActiveFirst() {
    var rome = create("Rome");
    var oslo = create("Oslo");
    var list = http.get("/conversations").expect(200).json();
    assertThat(list.isArray()).isTrue();
    assertThat(Json.texts(list, "id")).containsExactly(oslo, rome);
  }

  @Test
  void getConversationsIsAnEmptyArrayBeforeTheFirst() {
    assertThat(http.get("/conversations").expect(200).body()).isEqualToIgnoringWhitespace("[]");
  }

  @Test
  void getConversationsFiltersByDateRange() {
    var id = create("now");
    var activity = http.get("/conversations/" + id).json().path("last_activity_at").asText();
    var after = Instant.parse(activity).plusMillis(1).toString();
    assertThat(ids("?start_time=" + activity)).containsExactly(id);
    assertThat(ids("?start_time=" + after)).isEmpty();
    assertThat(ids("?end_time=" + activity)).isEmpty();
    assertThat(ids("?start_time=" + activity + "&end_time=" + after)).containsExactly(id);
  }

  @Test
  void getConversationsIsReadPageByPage() {
    var created = new ArrayList<String>();
    for (var i = 0; i < 5; i++) {
      created.addFirst(create("number " + i));
    }
    var read = new ArrayList<String>();
    var path = "/conversations?page_size=2";
    for (var next = "first"; !next.isEmpty(); ) {
      var page = http.get(path).expect(200);
      assertThat(page.json()).hasSizeBetween(1, 2);
      read.addAll(Json.texts(page.json(), "id"));
      next = page.header("X-Next-Page-Token").orElse("");
      path = "/conversations?page_size=2&page_token=" + Http.encoded(next);
    }
    assertThat(read).isEqualTo(created);
  }

  @Test
  void theLinkHeaderLeadsToTheNextPage() {
    var first = create("first");
    create("second");
    var page = http.get("/conversations?page_size=1").expect(200);
    var link = page.header("Link").orElseThrow();
    assertThat(link).endsWith(">; rel=\"next\"");
    var next = http.get(link.substring(1, link.indexOf('>'))).expect(200);
    assertThat(Json.texts(next.json(), "id")).containsExactly(first);
    assertThat(next.header("Link")).isEmpty();
    assertThat(next.header("X-Next-Page-Token")).isEmpty();
  }

  @Test
  void getConversationHasItsMessagesInside() {
    var id = create("Rome");
    say(id, "user", "hi");
    say(id, "assistant", "hello");
    var conversation = http.get("/conversations/" + id).expect(200).json();
    assertThat(conversation.path("id").asText()).isEqualTo(id);
    assertThat(conversation.path("messages").isArray()).isTrue();
    assertThat(Json.texts(conversation.path("messages"), "content")).containsExactly("hi", "hello");
    assertThat(Json.texts(conversation.path("messages"), "role"))
        .containsExactly("user", "assistant");
    assertThat(conversation.path("message_count").asInt()).isEqualTo(2);
  }

  @Test
  void patchChangesTheTitleAndKeepsEverythingElse() {
    var body = "{\"title\":\"Rome\",\"model\":\"m-1\",\"metadata\":{\"team\":\"a\"}}";
    var created = http.post("/conversations", body).expect(201).json();
    var path = "/conversations/" + created.path("id").asText();
    var changed = http.patch(path, "{\"title\":\"Oslo\"}").expect(200).json();
    assertThat(changed.path("title").asText()).isEqualTo("Oslo");
    assertThat(changed.path("model").asText()).isEqualTo("m-1");
    assertThat(changed.path("metadata").path("team").asText()).isEqualTo("a");
    assertThat(changed.path("created_at")).isEqualTo(created.path("created_at"));
    assertThat(changed.path("etag")).isNotEqualTo(created.path("etag"));
    assertThat(http.get(path).json().path("title").asText()).isEqualTo("Oslo");
  }

  @Test
  void aPatchOnAStaleEtagIsAConflict() {
    var stale = patchedOnce();
    var body = Json.object().put("title", "late").put("etag", stale.etag()).toString();
    var failure = http.patch(stale.path(), body).failure(409);
    assertThat(failure.reason()).isEqualTo("STALE_VERSION");
    assertThat(failure.metadata()).containsKey("etag");
    assertThat(http.get(stale.path()).json().path("title").asText()).isEqualTo("second");
  }

  @Test
  void aPatchIfMatchAStaleEtagFailsItsPrecondition() {
    var stale = patchedOnce();
    var late = http.with("If-Match", "\"" + stale.etag() + "\"");
    var failure = late.patch(stale.path(), "{\"title\":\"late\"}").failure(412);
    assertThat(failure.reason()).isEqualTo("STALE_VERSION");
  }

  @Test
  void aPatchIfMatchTheCurrentEtagIsDone() {
    var stale = patchedOnce();
    var current = http.get(stale.path()).json().path("etag").asText();
    var inTime = http.with("If-Match", "\"" + current + "\"");
    inTime.patch(stale.path(), "{\"title\":\"third\"}").expect(200);
  }

  @Test
  void deleteAnswersNoContentAndTheConversationIsGoneEverywhere() {
    var id = create("Rome");
    var message = say(id, "user", "hi");
    var reply = http.delete("/conversations/" + id).expect(204);
    assertThat(reply.body()).isEmpty();
    for (var path :
        new String[] {
          "/conversations/" + id,
          "/v1/conversations/" + id,
          "/conversations/" + id + "/messages",
          "/messages/" + message
        }) {
      assertThat(http.get(path).failure(404).reason()).as(path).isEqualTo("NOT_FOUND");
    }
    http.patch("/conversations/" + id, "{\"title\":\"x\"}").failure(404);
    http.post("/conversations/" + id + "/messages", "{\"role\":\"user\",\"content\":\"x\"}")
        .failure(404);
    http.delete("/conversations/" + id).failure(404);
    assertThat(http.get("/conversations").json()).isEmpty();
  }

  private record Stale(String path, String etag) {}

  /// A conversation that has changed since its etag was read.
  private Stale patchedOnce() {
    var created = http.post("/conversations", "{\"title\":\"first\"}").expect(201).json();
    var path = "/conversations/" + created.path("id").asText();
    http.patch(path, "{\"title\":\"second\"}").expect(200);
    return new Stale(path, created.path("etag").asText());
  }

  private String create(String title) {
    var body = Json.object().put("title", title);
    return http.post("/conversations", body).expect(201).json().path("id").asText();
  }

  private String say(String conversation, String role, String text) {
    var path = "/conversations/" + conversation + "/messages";
    return http.post(path, User.draft(role, text)).expect(201).json().path("id").asText();
  }

  private List<String> ids(String query) {
    return Json.texts(http.get("/conversations" + query).expect(200).json(), "id");
  }
}
