package dev.agentserver.e2e.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Files that messages and sessions use, with all services: what is attached is checked, read by
/// those who may read there, and released when nothing uses it any more.
@ExtendWith(SharedServer.class)
class AttachmentsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Server server;
  private User ann;

  AttachmentsTest(Server server) {
    this.server = server;
  }

  @BeforeEach
  void begin() {
    ann = User.member(server);
  }

  @Test
  void whatIsSaidOfAnAttachmentIsWhatTheFileIs() {
    var conversation = ann.conversation("with a plan");
    var file = ann.upload("/v1/files", "plan.txt", "the plan");
    var body = User.draft("user", "see");
    body.withArray("attachments").addObject().put("file_id", file).put("name", "lie.exe");
    var message = ann.http().post(User.messages(conversation), body).expect(201).json();
    var attachment = message.path("attachments").path(0);
    assertThat(attachment.path("name").asText()).isEqualTo("plan.txt");
    assertThat(attachment.path("media_type").asText()).isEqualTo("text/plain");
    assertThat(attachment.path("size_bytes").asText()).isEqualTo("8");
    var bob = User.member(server);
    var others = bob.conversation("elsewhere");
    var refused = bob.http().post(User.messages(others), body).failure(400);
    assertThat(refused.reason()).isEqualTo("UNKNOWN_FILE");
    assertThat(refused.fields()).containsExactly("attachments[0].file_id");
    ann.http().delete("/v1/files/" + file).expect(204);
    Await.until(
        "the message says that its file is gone",
        LIMIT,
        () -> attachment(ann, message).hasNonNull("deleted_at"));
  }

  @Test
  void anAttachmentGoesWithItsConversation() {
    var conversation = ann.conversation("for a while");
    var file = attached(conversation, "gone soon");
    Await.until("the link is heard of", LIMIT, () -> links(file) == 1);
    ann.http().delete("/v1/conversations/" + conversation + "?purge=true").expect(204);
    gone(file);
  }

  @Test
  void aForkKeepsWhatItsOriginalHadUntilItsOwnMessagesGo() {
    var conversation = ann.conversation("the original");
    var beside = ann.upload("/v1/files", "beside.txt", "beside " + conversation);
    var inside = ann.upload("/v1/files", "inside.txt", "inside " + conversation);
    var body = Json.object().put("role", "user");
    body.withArray("attachments").addObject().put("file_id", beside);
    body.withArray("parts").addObject().putObject("file").put("file_id", inside);
    ann.http().post(User.messages(conversation), body).expect(201);
    var fork =
        ann.http()
            .post("/v1/conversations/" + conversation + ":fork", "{}")
            .expect(201)
            .json()
            .path("id")
            .asText();
    Await.until("both are heard of", LIMIT, () -> links(beside) == 2 && links(inside) == 2);
    ann.http().delete("/v1/conversations/" + conversation + "?purge=true").expect(204);
    Await.until("the end is heard of", LIMIT, () -> links(beside) == 1 && links(inside) == 1);
    User.owner(server, 1).http().post("/v1/files:collectGarbage", "{}").expect(200);
    assertThat(ann.http().get("/v1/files/" + beside + "/content").expect(200).body())
        .isEqualTo("beside " + conversation);
    assertThat(ann.http().get("/v1/files/" + inside + "/content").expect(200).body())
        .isEqualTo("inside " + conversation);
    var copy = ann.http().get(User.messages(fork)).expect(200).json().path("messages").path(0);
    ann.http().delete("/v1/messages/" + copy.path("id").asText()).expect(204);
    gone(beside);
    gone(inside);
  }

  @Test
  void aMemberIsGivenTheUrlOfAnAttachmentAsLongAsTheyAreOne() {
    var conversation = ann.conversation("with bob");
    var file = attached(conversation, "for members");
    var url = "/v1/files/" + file + ":createDownloadUrl";
    var bob = User.member(server);
    var id = bob.http().get("/v1/users/me").expect(200).json().path("user").path("id").asText();
    bob.http().post(url, "{}").expect(404);
    var members = "/v1/conversations/" + conversation + "/members";
    var viewer = Json.object().put("user_id", id).put("role", "ROLE_VIEWER");
    ann.http().post(members, viewer).expect(201);
    var given = bob.http().post(url, "{}").expect(200).json().path("url").asText();
    assertThat(new Http(URI.create(given)).get(given).expect(200).body()).isEqualTo("for members");
    ann.http().delete(members + "/" + id).expect(204);
    Await.until("it is bob's no more", LIMIT, () -> bob.http().post(url, "{}").status() == 404);
  }

  @Test
  void aRunReadsWhatItIsAskedAboutAndKeepsWhatItMakesWhereItIs() {
    var conversation = ann.conversation("with a run");
    var asked = attached(conversation, "the question " + conversation);
    var own = ann.upload("/v1/files", "own.txt", "nothing of the run's");
    var run = run("/v1/conversations/" + conversation + "/runs");
    assertThat(run.http().get("/v1/files/" + asked + "/content").expect(200).body())
        .isEqualTo("the question " + conversation);
    run.http().get("/v1/files/" + own).expect(404);
    run.http().delete("/v1/files/" + asked).expect(403);
    var made = run.upload("/upload/artifact", "answer.txt", "the answer " + conversation);
    var body = User.draft("assistant", "here");
    body.withArray("attachments").addObject().put("file_id", made);
    run.http().post(User.messages(conversation), body).expect(201);
    assertThat(ann.http().get("/v1/files/" + made + "/content").expect(200).body())
        .isEqualTo("the answer " + conversation);
  }

  @Test
  void aLargeArtifactIsAFileThatGoesWithItsSession() {
    var session = ann.http().post("/v1/sessions", "{\"type\": \"TYPE_FULL\"}").expect(201).json();
    var artifacts = "/v1/sessions/" + session.path("id").asText() + "/artifacts/";
    var run = run("/v1/sessions/" + session.path("id").asText() + "/runs");
    var file = run.upload("/upload/artifact", "dump.txt", "x".repeat(300_000));
    run.http()
        .json("PUT", artifacts + "debug/dump", Json.object().put("file_id", file).toString())
        .expect(200);
    var artifact = ann.http().get(artifacts + "debug/dump").expect(200).json();
    assertThat(artifact.path("file_id").asText()).isEqualTo(file);
    assertThat(artifact.path("size_bytes").asInt()).isEqualTo(300_000);
    var unknown = Json.object().put("file_id", UUID.randomUUID().toString()).toString();
    assertThat(ann.http().json("PUT", artifacts + "spec", unknown).failure(400).fields())
        .containsExactly("file_id");
    ann.http().delete("/v1/sessions/" + session.path("id").asText()).expect(204);
    gone(file);
  }

  private String attached(String conversation, String content) {
    var file = ann.upload("/v1/files", "a.txt", content);
    var body = User.draft("user", "see");
    body.withArray("attachments").addObject().put("file_id", file);
    ann.http().post(User.messages(conversation), body).expect(201);
    return file;
  }

  /// Somebody with the token of a run that answers itself.
  private User run(String runs) {
    var begun = ann.http().post(runs, "{\"self_execute\": true}").expect(201).json();
    return User.bearing(server, begun.path("lease").path("token").path("token").asText());
  }

  private int links(String file) {
    return ann.http().get("/v1/files/" + file + "/links").expect(200).json().path("links").size();
  }

  /// Nothing uses the file any more; what a minute does is done now.
  private void gone(String file) {
    var owner = User.owner(server, 1);
    Await.until(
        "the file is gone",
        LIMIT,
        () -> {
          owner.http().post("/v1/files:collectGarbage", "{}").expect(200);
          return ann.http().get("/v1/files/" + file).status() == 404;
        });
  }

  private static JsonNode attachment(User user, JsonNode message) {
    return user.http()
        .get("/v1/messages/" + message.path("id").asText())
        .expect(200)
        .json()
        .path("attachments")
        .path(0);
  }
}
