package dev.agentserver.e2e.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Holds what clients were given against each other and against what was written.
final class Transcripts {
  private Transcripts() {}

  /// Everything that is wrong: nothing, when every promise was kept.
  ///
  /// @param reference what is stored in the end
  /// @param written message → its text, of every message that was written to its end
  static List<String> violations(
      Transcript reference, List<Transcript> clients, Map<String, String> written) {
    var violations = new ArrayList<>(reference.violations());
    for (var client : clients) {
      violations.addAll(client.violations());
      violations.addAll(differences(reference, client));
    }
    violations.addAll(Assembly.of(reference.events()).violations(written));
    return violations;
  }

  private static List<String> differences(Transcript reference, Transcript client) {
    var stored = reference.events();
    var given = client.events();
    for (var i = 0; i < Math.min(stored.size(), given.size()); i++) {
      if (!stored.get(i).equals(given.get(i))) {
        return List.of(
            "%s: got\n%s in place of\n%s".formatted(client.client(), given.get(i), stored.get(i)));
      }
    }
    return stored.size() == given.size()
        ? List.of()
        : List.of(
            "%s: got %d events of %d".formatted(client.client(), given.size(), stored.size()));
  }
}
