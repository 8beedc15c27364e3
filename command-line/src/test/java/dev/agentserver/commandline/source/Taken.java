package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.agentserver.commandline.history.Fingerprint;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.conversation.v1.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Everything a source says.
final class Taken implements HistorySource.Taker {
  final List<History> histories = new ArrayList<>();
  final List<String> refused = new ArrayList<>();

  static Taken of(HistorySource source) throws IOException {
    var taken = new Taken();
    source.readAll(taken);
    return taken;
  }

  static Path resource(String name) {
    return Path.of("src", "test", "resources", name);
  }

  @Override
  public void take(History history) {
    histories.add(history);
  }

  @Override
  public void refused(String oldId, String why) {
    refused.add(oldId + ": " + why);
  }

  List<String> fingerprints() {
    return histories.stream().map(Fingerprint::of).toList();
  }

  /// The message whose old id this is.
  static Turn turn(History history, String oldId) {
    return history.turns().stream()
        .filter(
            turn -> turn.draft().getMetadataOrDefault(Kept.ID, turn.draft().getId()).equals(oldId))
        .findFirst()
        .orElseThrow();
  }

  static List<String> texts(Turn turn) {
    return turn.draft().getPartsList().stream().filter(Part::hasText).map(Part::getText).toList();
  }

  static JsonNode kept(Turn turn) {
    return Kept.of(turn.draft().getPartsList()).orElse(MissingNode.getInstance());
  }

  /// The old ids, each after those of its ancestors.
  static List<String> oldIds(History history) {
    return history.turns().stream()
        .map(turn -> turn.draft().getMetadataOrDefault(Kept.ID, turn.draft().getId()))
        .toList();
  }
}
