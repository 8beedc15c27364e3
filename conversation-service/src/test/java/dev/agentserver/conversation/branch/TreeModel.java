package dev.agentserver.conversation.branch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A conversation as a plain tree: each message knows its parent, and nothing else is known. It
/// says what the service must answer.
final class TreeModel {
  private static final String NOWHERE = "";

  private final Map<String, String> parents = new LinkedHashMap<>();
  private final Map<String, List<String>> children = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();

  /// @param parent null: it has none
  void add(String id, @Nullable String parent, String text) {
    parents.put(id, parent == null ? NOWHERE : parent);
    children.computeIfAbsent(parents.get(id), _ -> new ArrayList<>()).add(id);
    texts.put(id, text);
  }

  /// Its content is gone, its place stays.
  void delete(String id) {
    texts.put(id, "");
  }

  List<String> ids() {
    return List.copyOf(parents.keySet());
  }

  String text(String id) {
    return texts.get(id);
  }

  @Nullable String parent(String id) {
    var parent = parents.get(id);
    return parent.equals(NOWHERE) ? null : parent;
  }

  /// From the first message to this one.
  List<String> path(@Nullable String id) {
    var path = new ArrayList<String>();
    for (var at = id; at != null; at = parent(at)) {
      path.addFirst(at);
    }
    return path;
  }

  /// Those with the same parent, itself included, in the order of their creation.
  List<String> siblings(String id) {
    return children.get(parents.get(id));
  }
}
