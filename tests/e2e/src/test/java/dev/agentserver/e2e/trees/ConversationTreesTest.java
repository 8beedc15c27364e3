package dev.agentserver.e2e.trees;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class ConversationTreesTest {
  private static final Path OURS = Path.of("src", "test", "resources", "trees.jsonl");
  private static final int PAGE = 50;
  private static final String GIVEN = "CONVERSATION_TREES";

  private Http http;

  @BeforeEach
  void signIn(Server server) {
    http = User.member(server).http();
  }

  @Test
  void conversationsInManyScriptsComeBackAsTheyWentIn() {
    var paths = ConversationTrees.firstPaths(OURS);
    assertThat(paths).hasSizeGreaterThan(5).allSatisfy(path -> assertThat(path).isNotEmpty());
    comeBackEqual(paths);
  }

  /// `CONVERSATION_TREES=<file> ./test -pl tests/e2e -am` loads a file of one's own.
  @Test
  @EnabledIfEnvironmentVariable(named = GIVEN, matches = ".+")
  void theConversationsOfAGivenFileComeBackAsTheyWentIn() {
    comeBackEqual(ConversationTrees.firstPaths(Path.of(System.getenv(GIVEN))));
  }

  private void comeBackEqual(List<List<Turn>> paths) {
    var start = System.nanoTime();
    var loaded = new LinkedHashMap<String, List<Turn>>();
    paths.forEach(path -> loaded.put(load(path), path));
    var middle = System.nanoTime();
    loaded.forEach((id, path) -> assertThat(read(id)).as("conversation " + id).isEqualTo(path));
    assertThat(listed()).containsExactlyInAnyOrderElementsOf(loaded.keySet());
    report(loaded, middle - start, System.nanoTime() - middle);
  }

  private String load(List<Turn> path) {
    var conversation = http.post("/conversations", "{}").expect(201).json().path("id").asText();
    for (var turn : path) {
      http.post(
              "/conversations/" + conversation + "/messages", User.draft(turn.role(), turn.text()))
          .expect(201);
    }
    return conversation;
  }

  /// Page by page, and the same as in the conversation itself.
  private List<Turn> read(String conversation) {
    var turns = new ArrayList<Turn>();
    for (var next = "/conversations/" + conversation + "/messages?page_size=3"; next != null; ) {
      var page = http.get(next).expect(200);
      turns.addAll(turns(page.json()));
      next = page.header("Link").map(link -> link.substring(1, link.indexOf('>'))).orElse(null);
    }
    var newest = turns.subList(Math.max(0, turns.size() - PAGE), turns.size());
    var inside = http.get("/conversations/" + conversation).expect(200).json();
    assertThat(turns(inside.path("messages"))).isEqualTo(newest);
    return turns;
  }

  private static List<Turn> turns(JsonNode messages) {
    return Json.elements(messages).stream()
        .map(message -> new Turn(message.path("role").asText(), message.path("content").asText()))
        .toList();
  }

  private List<String> listed() {
    var ids = new ArrayList<String>();
    for (var next = "/conversations?page_size=40"; next != null; ) {
      var page = http.get(next).expect(200);
      ids.addAll(Json.texts(page.json(), "id"));
      next = page.header("Link").map(link -> link.substring(1, link.indexOf('>'))).orElse(null);
    }
    return ids;
  }

  private static void report(Map<String, List<Turn>> loaded, long load, long read) {
    var turns = loaded.values().stream().mapToInt(List::size).sum();
    var characters =
        loaded.values().stream().flatMap(List::stream).mapToInt(turn -> turn.text().length()).sum();
    System.out.printf(
        "%d conversations, %d messages, %,d characters: loaded in %.1f s, read back equal in %.1f s%n",
        loaded.size(), turns, characters, load / 1e9, read / 1e9);
  }
}
