package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A `mapping` as a tree of messages: parents before children, siblings in the order of `children`.
/// What has no message is not in it; its children answer whatever it answered.
final class ChatGptTree {
  /// A node with a message.
  ///
  /// @param parent the nearest node above that has one, too
  record Node(String id, @Nullable String parent, JsonNode message) {}

  private final JsonNode mapping;
  private final Map<String, @Nullable String> parents = new HashMap<>();
  private final Map<@Nullable String, Set<String>> children = new HashMap<>();
  private final List<Node> inOrder = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final ObjectNode empty = JsonElements.JSON.createObjectNode();

  private ChatGptTree(JsonNode mapping) {
    this.mapping = mapping;
  }

  static ChatGptTree of(JsonNode mapping) {
    var tree = new ChatGptTree(mapping);
    tree.link();
    tree.walk(null);
    for (var id : tree.parents.keySet().stream().sorted().toList()) {
      if (!tree.seen.contains(id)) {
        tree.notes.add("node " + id + " is its own ancestor: it begins the conversation anew");
        tree.parents.put(id, null);
        tree.walk(id);
      }
    }
    return tree;
  }

  List<Node> inOrder() {
    return inOrder;
  }

  List<String> notes() {
    return notes;
  }

  /// The nodes without a message, as far as they say more than their place.
  ObjectNode empty() {
    return empty;
  }

  /// The node, or the nearest one above, that has a message.
  @Nullable String nearest(String id) {
    var next = id;
    for (var steps = 0; next != null && steps <= parents.size(); steps++) {
      if (hasMessage(next)) {
        return next;
      }
      next = parents.get(next);
    }
    return null;
  }

  private void link() {
    for (var field : mapping.properties()) {
      var parent = field.getValue().path("parent");
      var known = parent.isTextual() && mapping.has(parent.textValue());
      if (parent.isTextual() && !known) {
        notes.add(
            "node " + field.getKey() + " has a parent that is not there: " + parent.textValue());
      }
      parents.put(field.getKey(), known ? parent.textValue() : null);
    }
    var listed = new LinkedHashMap<String, Set<String>>();
    for (var field : mapping.properties()) {
      var own = listed.computeIfAbsent(field.getKey(), _ -> new LinkedHashSet<>());
      field.getValue().path("children").forEach(child -> own.add(child.asText()));
    }
    listed.forEach(
        (parent, own) ->
            own.stream()
                .filter(child -> parent.equals(parents.get(child)))
                .forEach(child -> childrenOf(parent).add(child)));
    mapping.fieldNames().forEachRemaining(id -> childrenOf(parents.get(id)).add(id));
  }

  private Set<String> childrenOf(@Nullable String parent) {
    return children.computeIfAbsent(parent, _ -> new LinkedHashSet<>());
  }

  private void walk(@Nullable String from) {
    var next = new ArrayDeque<String>();
    if (from == null) {
      childrenOf(null).forEach(next::add);
    } else {
      next.add(from);
    }
    while (!next.isEmpty()) {
      var id = next.pop();
      if (!seen.add(id)) {
        continue;
      }
      visit(id);
      new ArrayList<>(childrenOf(id)).reversed().forEach(next::push);
    }
  }

  private void visit(String id) {
    if (hasMessage(id)) {
      var above = parents.get(id);
      inOrder.add(
          new Node(id, above == null ? null : nearest(above), mapping.path(id).path("message")));
      return;
    }
    var left = Fields.of(mapping.path(id));
    for (var placed : List.of("id", "parent", "children", "message")) {
      left.take(placed);
    }
    if (!left.left().isEmpty()) {
      empty.set(id, left.left());
    }
  }

  private boolean hasMessage(String id) {
    return mapping.path(id).path("message").isObject();
  }
}
