package dev.agentserver.conversation.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.conversation.v1.ConversationExport;
import dev.agentserver.conversation.v1.ExportRecord;
import dev.agentserver.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/// Conversations as trees, read from files, made by chance, or put together again from an export.
final class Trees {
  /// A message with what answers it, in order.
  record Node(String id, String role, String text, List<Node> replies) {
    int size() {
      return 1 + replies.stream().mapToInt(Node::size).sum();
    }

    /// How often there is another answer than the first.
    int forks() {
      return Math.max(0, replies.size() - 1) + replies.stream().mapToInt(Node::forks).sum();
    }
  }

  private Trees() {}

  /// Those of a file in the form of the Open-Assistant exports.
  static List<Node> of(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(line -> node(Json.parse(line).orElseThrow().path("prompt")))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Node node(JsonNode json) {
    var replies = new ArrayList<Node>();
    json.path("replies").forEach(reply -> replies.add(node(reply)));
    var role = json.path("role").asText();
    return new Node(
        json.path("message_id").asText(),
        role.equals("prompter") ? "user" : role,
        json.path("text").asText(),
        replies);
  }

  static Node random(Random random, int depth) {
    var replies = new ArrayList<Node>();
    for (var i = depth == 0 ? 0 : 1 + random.nextInt(3); i > 0; i--) {
      replies.add(random(random, depth - 1 - random.nextInt(depth)));
    }
    var id = new UUID(random.nextLong(), random.nextLong()).toString();
    return new Node(id, depth % 2 == 0 ? "user" : "assistant", "言 " + id + "\n\n* é", replies);
  }

  /// The beginnings of an exported conversation.
  static List<Node> of(ConversationExport file) {
    var replies = new LinkedHashMap<String, List<ExportRecord>>();
    file.getRecordsList().stream()
        .filter(ExportRecord::hasMessage)
        .forEach(
            one ->
                replies.computeIfAbsent(one.getParentMessageId(), _ -> new ArrayList<>()).add(one));
    return below("", replies);
  }

  private static List<Node> below(String parent, Map<String, List<ExportRecord>> replies) {
    return replies.getOrDefault(parent, List.of()).stream()
        .map(
            one ->
                new Node(
                    one.getMessage().getId(),
                    one.getMessage().getRole().name(),
                    one.getMessage().getContent(),
                    below(one.getMessage().getId(), replies)))
        .toList();
  }
}
