package dev.agentserver.e2e.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Failure;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are not what the contract says, over HTTP.
@ExtendWith(SharedServer.class)
class WrongRequestsTest {
  private User user;
  private Http http;

  @BeforeEach
  void signIn(Server server) {
    user = User.member(server);
    http = user.http();
  }

  @AfterEach
  void theServerIsHealthy() {
    assertThat(http.get("/health").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"titel":"x"}                    | titel
          {"title":5}                      | title
          {"title":["x"]}                  | title
          {"metadata":{"a":{"b":"c"}}}     | metadata
          {"temporary":"perhaps"}          | temporary
          {"agent_id":"no uuid"}           | agent_id
          {"messages":[{"role":"robot"}]}  | messages[0].role
          {"messages":[{"content":"x"}]}   | messages[0].role
          {"title":"a","title":"b"}        | title
          """)
  void aBodyThatBreaksARuleNamesTheField(String body, String field) {
    var failure = http.post("/conversations", body).failure(400);
    assertThat(failure.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(failure.fields()).singleElement().asString().startsWith(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"title\":", "[]", "\"x\"", "null", "{} {}", "{\"title\":\"a}", "NaN"})
  void aBodyThatIsNoJsonObjectIsRefused(String body) {
    var reply = http.post("/v1/conversations", body);
    if (body.isEmpty()) {
      reply.expect(201); // nothing is required, so nothing is enough
    } else {
      assertThat(reply.failure(400).reason()).isEqualTo("INVALID_ARGUMENT");
    }
  }

  @Test
  void aQueryParameterThatIsNoFieldIsRefused() {
    assertThat(http.get("/conversations?page_sice=5").failure(400).fields())
        .containsExactly("page_sice");
    assertThat(http.get("/conversations?start_time=yesterday").failure(400).fields())
        .containsExactly("start_time");
  }

  @Test
  void anIdThatIsNoUuidIsRefused() {
    assertThat(http.get("/conversations/1/messages").failure(400).fields())
        .containsExactly("conversation_id");
    assertThat(http.get("/messages/1").failure(400).fields()).containsExactly("message_id");
  }

  @Test
  void theIdInThePathIsNotOverruledByTheBody() {
    var id = user.conversation("mine");
    var body = "{\"id\":\"" + UUID.randomUUID() + "\",\"title\":\"x\"}";
    assertThat(http.patch("/conversations/" + id, body).failure(400).fields())
        .containsExactly("conversation.id");
  }

  @Test
  void fieldsThatOnlyTheServerWritesAreNotChanged() {
    var id = user.conversation("mine");
    var before = http.get("/v1/conversations/" + id).json();
    var body = "{\"title\":\"x\",\"message_count\":7,\"owner_id\":\"" + UUID.randomUUID() + "\"}";
    var reply = http.patch("/v1/conversations/" + id, body);
    assertThat(reply.status()).isIn(200, 400);
    var after = http.get("/v1/conversations/" + id).json();
    assertThat(after.path("message_count")).isEqualTo(before.path("message_count"));
    assertThat(after.path("owner_id")).isEqualTo(before.path("owner_id"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded"})
  void aBodyOfAnotherContentTypeIsRefused(String type) {
    var body = "{}".getBytes(StandardCharsets.UTF_8);
    var reply = http.with("Content-Type", type).send("POST", "/conversations", body);
    assertThat(reply.failure(415).reason()).isEqualTo("INVALID_ARGUMENT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/conversation",
        "/v2/conversations",
        "/v1",
        "/conversations/a/b/c",
        "/messages",
        "/agentserver.conversation.v1.ConversationService/Nope"
      })
  void aRouteThatIsNotThereIsNotFound(String path) {
    var failure = http.get(path).failure(404);
    assertThat(failure.reason()).isEqualTo("UNIMPLEMENTED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/..%2f..%2fetc", "/../../etc/passwd", "/v1/%00"})
  void aPathThatLeadsElsewhereIsNotServed(String path) {
    var reply = http.get(path);
    assertThat(reply.status()).isIn(400, 404);
    reply.failure(reply.status());
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,/conversations",
    "DELETE,/conversations",
    "POST,/v1/messages/x",
    "TRACE,/conversations"
  })
  void aMethodThatARouteDoesNotHaveIsNotAllowed(String method, String path) {
    var reply = http.send(method, path, null);
    var failure = reply.failure(405);
    assertThat(failure.reason()).isEqualTo("UNIMPLEMENTED");
    assertThat(reply.header("Allow").orElseThrow()).contains("GET");
  }

  @Test
  void aMethodThatNobodyKnowsIsNotServed() {
    assertThat(http.send("BREW", "/conversations", null).status()).isIn(400, 404, 405, 501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic dXNlcjpwYXNz",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "ag_dev_x",
        "Bearer ag_dev_x"
      })
  void aCredentialThatIsNoneIsUnauthenticated(String authorization, Server server) {
    var reply = new Http(server.url()).with("Authorization", authorization).get("/conversations");
    Failure failure = reply.failure(401);
    assertThat(failure.reason()).isEqualTo("UNAUTHENTICATED");
    assertThat(reply.header("WWW-Authenticate")).isPresent();
  }

  @Test
  void identityHeadersOfAClientAreNotBelieved(Server server) {
    var me = UUID.randomUUID().toString();
    var http =
        new Http(server.url())
            .with("X-Tenant-Id", me)
            .with("X-User-Id", me)
            .with("X-Forwarded-User", "root")
            .with("X-Agentserver-Caller", me);
    assertThat(http.get("/conversations").failure(401).reason()).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void everyAnswerCarriesTheRequestId() {
    Reply given = http.with("X-Request-Id", "my-request-1").get("/conversations").expect(200);
    assertThat(given.header("X-Request-Id")).contains("my-request-1");
    assertThat(http.get("/nowhere").header("X-Request-Id")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"not a date", "2025-13-01T00:00:00Z", "10000-01-01T00:00:00Z"})
  void aTimeThatIsNoneIsRefused(String time) {
    assertThat(http.get("/conversations?end_time=" + Http.encoded(time)).failure(400).fields())
        .containsExactly("end_time");
  }
}
