package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Texts;
import dev.agentserver.commandline.history.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the sources do alike about a conversation as a whole.
final class Whole {
  private static final int TITLE = 255;
  private static final int VALUE = 512;

  private Whole() {}

  /// What fits into a title. The rest of a longer one stays with what is left.
  static String title(String title, Map<String, String> metadata, ObjectNode left) {
    var clean = Texts.clean(title);
    if (clean.isBlank()) {
      metadata.put(Kept.UNTITLED, "true");
      return "";
    }
    var cut = Texts.beginning(clean, TITLE);
    if (!cut.equals(title)) {
      left.put("title", title);
    }
    return cut;
  }

  /// Keeps what is left of the conversation: with its first message, or, where it has none, in its
  /// metadata. False: it fits into neither.
  static boolean keep(
      String source, ObjectNode left, List<Turn> turns, Map<String, String> metadata) {
    if (left.isEmpty()) {
      return true;
    }
    if (turns.isEmpty()) {
      var text = left.toString();
      metadata.put(Kept.PREFIX + "kept", text);
      return text.codePointCount(0, text.length()) <= VALUE;
    }
    var first = turns.getFirst();
    var parts = new ArrayList<>(first.draft().getPartsList());
    var kept = JsonElements.JSON.createObjectNode();
    var own = Kept.of(parts);
    own.ifPresent(
        fields -> {
          parts.removeLast();
          kept.setAll((ObjectNode) fields);
        });
    kept.set("conversation", left);
    parts.add(Kept.part(source, kept));
    var draft = first.draft().toBuilder().clearParts().addAllParts(parts).build();
    turns.set(0, new Turn(first.parent(), draft));
    return true;
  }
}
