package dev.agentserver.e2e.trees;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads conversation trees in the form of the Open-Assistant exports: one JSON object a line,
/// its `prompt` the first turn and `replies` nested inside.
final class ConversationTrees {
  private ConversationTrees() {}

  /// The first path of every tree: always the first reply.
  static List<List<Turn>> firstPaths(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      return lines
          .lines()
          .filter(line -> !line.isBlank())
          .map(ConversationTrees::firstPath)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<Turn> firstPath(String line) {
    var path = new ArrayList<Turn>();
    for (var turn = Json.parse(line).path("prompt");
        !turn.isMissingNode();
        turn = turn.path("replies").path(0)) {
      path.add(new Turn(role(turn), turn.path("text").asText()));
    }
    return List.copyOf(path);
  }

  private static String role(JsonNode turn) {
    var role = turn.path("role").asText();
    return role.equals("prompter") ? "user" : role;
  }
}
