package dev.agentserver.e2e.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What clients tried and what they were promised, to be compared with what is there afterwards.
final class History {
  /// A message as a reader sees it.
  record Stored(String id, String text, int depth) {}

  /// conversation → text → id of the message that the server said it stored
  private final Map<String, Map<String, String>> acknowledged = new ConcurrentHashMap<>();

  /// conversation → texts that were sent, whether answered or not
  private final Map<String, Set<String>> sent = new ConcurrentHashMap<>();

  void sent(String conversation, String text) {
    sent.computeIfAbsent(conversation, _ -> ConcurrentHashMap.newKeySet()).add(text);
  }

  void acknowledged(String conversation, String text, String id) {
    acknowledged.computeIfAbsent(conversation, _ -> new ConcurrentHashMap<>()).put(text, id);
  }

  int acknowledgements() {
    return acknowledged.values().stream().mapToInt(Map::size).sum();
  }

  Set<String> conversations() {
    return Set.copyOf(sent.keySet());
  }

  /// Everything that is wrong with what is there: nothing, when every promise was kept.
  List<String> violations(String conversation, List<Stored> stored) {
    var violations = new ArrayList<String>();
    var found = new HashMap<String, String>();
    for (var place = 0; place < stored.size(); place++) {
      var message = stored.get(place);
      if (message.depth() != place) {
        violations.add("gap: depth " + message.depth() + " at place " + place);
      }
      if (found.put(message.text(), message.id()) != null) {
        violations.add("twice: " + message.text());
      }
      if (!sent.getOrDefault(conversation, Set.of()).contains(message.text())) {
        violations.add("never sent: " + message.text());
      }
    }
    acknowledged
        .getOrDefault(conversation, Map.of())
        .forEach(
            (text, id) -> {
              if (!id.equals(found.get(text))) {
                violations.add("lost: " + text + " was acknowledged as " + id);
              }
            });
    return violations;
  }
}
