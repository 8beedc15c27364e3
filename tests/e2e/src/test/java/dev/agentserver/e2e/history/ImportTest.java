package dev.agentserver.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Agentctl;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServer.class)
class ImportTest {
  private static final Path RESOURCES = Path.of("src", "test", "resources");
  private static final Path ODD = Path.of("..", "..", "command-line", "src", "test", "resources");
  private static final String GIVEN = "import.trees";

  @TempDir private Path directory;
  private User importer;
  private Agentctl agentctl;

  @BeforeEach
  void signIn(Server server) {
    importer = User.of(server, 1, "importer-" + UUID.randomUUID(), "ADMIN");
    agentctl = Agentctl.of(server, importer.token());
  }

  /// `-Dimport.trees=<file>` takes a file of one's own.
  @Test
  void treesGoInAndComeOutWithTheSameTextsParentsAndOrderOfSiblings(Server server) {
    var trees = System.getProperty(GIVEN, RESOURCES.resolve("trees.jsonl").toString());
    assertThat(imported("trees", trees)).contains(" written").doesNotContain("failed");
    assertThat(verified(agentctl, "trees", trees))
        .containsPattern("[1-9]\\d* equal, 0 different, 0 missing, 0 not");
    assertThat(imported("trees", trees)).contains(" unchanged").doesNotContain("written");

    var file = directory.resolve("all.ndjson").toString();
    succeed(agentctl, "export", "--to", file);
    var stranger = User.of(server, 2, "importer-" + UUID.randomUUID(), "ADMIN");
    var elsewhere = Agentctl.of(server, stranger.token());
    succeed(elsewhere, "import", "agentserver", file, "--job", job("elsewhere"));
    assertThat(verified(elsewhere, "trees", trees))
        .containsPattern("[1-9]\\d* equal, 0 different, 0 missing, 0 not");
  }

  @Test
  void whatChatGptExportsIsThereWithAllBranchesAndWhatWasNotUnderstoodIsInTheReport() {
    var file = ODD.resolve("chatgpt.json").toString();
    var first = agentctl.run("import", "chatgpt", file, "--job", job("chatgpt"));
    assertThat(first.code()).as("one of them is no conversation").isEqualTo(1);
    assertThat(first.text()).contains("2 written", "1 failed");
    assertThat(agentctl.run("verify", "import", "chatgpt", file).text())
        .contains("2 equal, 0 different, 0 missing, 1 not understood");
    var odd = conversation("9f6b1d4e-0000-4000-8000-000000000001");
    assertThat(odd.path("title").asText()).isEqualTo("Everything odd");
    assertThat(odd.path("created_at").asText()).isEqualTo("2023-11-14T22:13:20.123456Z");
    assertThat(odd.path("last_activity_at").asText()).startsWith("2023-11-14");
    assertThat(conversation("no-uuid").path("external_id").asText()).isEqualTo("no-uuid");
    assertThat(odd.at("/membership/unread").asBoolean()).as("it is old").isFalse();
    assertThat(oldIdsOfThePath(odd))
        .as("to current_node")
        .containsExactly("sys", "q1", "a2", "t1", "th", "a3");
  }

  @Test
  void whatClaudeExportsIsThereUnderItsOldIds() {
    var file = ODD.resolve("claude.json").toString();
    var dry = agentctl.run("import", "claude", file, "--job", job("dry"), "--dry-run");
    assertThat(dry.text()).contains("2 written");
    importer.http().get("/conversations/old-one").expect(404);
    started("import", "claude", file, "--job", job("claude"), "--background");
    assertThat(started("job", job("claude"), "--follow"))
        .contains("\"state\":\"DONE\"", "\"written\":2", "\"failed\":1");
    assertThat(agentctl.run("verify", "import", "claude", file).text())
        .contains("2 equal, 0 different, 0 missing, 1 not understood");
    assertThat(conversation("old-one").path("messages")).hasSize(3);
  }

  @Test
  void whatItsReaderPutOnAConversationComesAlong(Server server) {
    var id = importer.conversation("Rice");
    var question = importer.message(id, "How do I cook it?");
    var first = answer(id, question, "In water.");
    answer(id, question, "In milk.");
    var at = "/v1/conversations/" + id;
    var http = importer.http();
    http.post(at + ":switchBranch", "{\"branch_no\":0}").expect(200);
    var judged = "{\"rating\":\"RATING_UP\",\"comment\":\"quick\"}";
    http.json("PUT", "/v1/messages/" + first + "/feedback", judged).expect(200);
    http.patch(at + "/membership", "{\"pinned\":true}").expect(200);
    var tag = http.post("/v1/tags", "{\"name\":\"food\"}").expect(201).json().path("id").asText();
    http.json("PUT", at + "/tags/" + tag, "{}").expect(204);

    var file = directory.resolve("marked.ndjson").toString();
    succeed(agentctl, "export", "--to", file);
    var stranger = User.of(server, 2, "importer-" + UUID.randomUUID(), "ADMIN");
    var elsewhere = Agentctl.of(server, stranger.token());
    succeed(elsewhere, "import", "agentserver", file, "--job", job("marked"));
    var there = stranger.http().get("/conversations/" + id).expect(200).json();
    assertThat(Json.texts(there.path("messages"), "content"))
        .containsExactly("How do I cook it?", "In water.");
    assertThat(there.at("/membership/pinned").asBoolean()).isTrue();
    assertThat(there.at("/membership/unread_message_count").asInt()).isZero();
    var feedback = stranger.http().get(at + "/feedback").expect(200).json().path("feedback");
    assertThat(feedback.findValuesAsText("message_id")).containsExactly(first);
    assertThat(feedback.findValuesAsText("comment")).containsExactly("quick");
    var tags = stranger.http().get(at + "/tags").expect(200).json();
    assertThat(tags.findValuesAsText("name")).containsExactly("food");
    assertThat(succeed(elsewhere, "import", "agentserver", file, "--job", job("marked")))
        .contains("1 unchanged");
  }

  private String answer(String conversation, String question, String text) {
    var draft = User.draft("assistant", text).put("parent_message_id", question);
    var reply = importer.http().post(User.messages(conversation), draft).expect(201);
    return reply.json().path("id").asText();
  }

  private static List<String> oldIdsOfThePath(JsonNode conversation) {
    return conversation
        .path("messages")
        .valueStream()
        .map(message -> message.path("metadata").path("import.id").asText())
        .toList();
  }

  private JsonNode conversation(String oldId) {
    return importer.http().get("/conversations/" + oldId).expect(200).json();
  }

  private String imported(String form, String file) {
    return succeed(agentctl, "import", form, file, "--job", job(form));
  }

  private static String verified(Agentctl agentctl, String form, String file) {
    return succeed(agentctl, "verify", "import", form, file);
  }

  private String started(String... arguments) {
    var exit = agentctl.start(arguments).awaitExit();
    assertThat(exit.code()).as(exit.output().text()).isZero();
    return exit.output().text();
  }

  private static String succeed(Agentctl agentctl, String... arguments) {
    var exit = agentctl.run(arguments);
    assertThat(exit.code()).as(exit.text()).isZero();
    return exit.text();
  }

  private String job(String name) {
    return directory.resolve(name).toString();
  }
}
