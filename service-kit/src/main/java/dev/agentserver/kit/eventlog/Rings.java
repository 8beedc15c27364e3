package dev.agentserver.kit.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ObjLongConsumer;

/// How rings are written for other processes: the sender, then `tenant/id/number` for each key, all
/// with a space between. A `*` stands for every key.
final class Rings {
  private static final int MAX_BYTES = 7_900;
  private static final String EVERYTHING = "*";

  private Rings() {}

  /// @param everything more keys were rung than could be kept
  static List<String> write(String sender, Map<StreamKey, Long> rings, boolean everything) {
    if (everything) {
      return List.of(sender + " " + EVERYTHING);
    }
    var texts = new ArrayList<String>();
    var text = new StringBuilder(sender);
    for (var ring : rings.entrySet()) {
      var key = ring.getKey();
      var entry = " " + key.tenantId() + "/" + key.id() + "/" + ring.getValue();
      if (text.length() + entry.length() > MAX_BYTES) {
        texts.add(text.toString());
        text = new StringBuilder(sender);
      }
      text.append(entry);
    }
    texts.add(text.toString());
    return texts;
  }

  /// Hands on what another process wrote.
  ///
  /// @param self what this process has sent is passed over
  /// @throws IllegalArgumentException where the text is not of this form
  static void read(String text, String self, ObjLongConsumer<StreamKey> ring, Runnable everything) {
    var words = text.split(" ");
    if (words[0].equals(self)) {
      return;
    }
    for (var i = 1; i < words.length; i++) {
      if (words[i].equals(EVERYTHING)) {
        everything.run();
        continue;
      }
      var parts = words[i].split("/");
      if (parts.length != 3) {
        throw new IllegalArgumentException(words[i]);
      }
      var key = new StreamKey(UUID.fromString(parts[0]), UUID.fromString(parts[1]));
      ring.accept(key, Long.parseLong(parts[2]));
    }
  }
}
