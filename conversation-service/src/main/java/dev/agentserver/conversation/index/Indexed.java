package dev.agentserver.conversation.index;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;

/// A message's words as PostgreSQL reads a tsvector. Words of letters and digits need no escaping.
///
/// @param words empty for a text without words
public record Indexed(UUID messageId, String words) {
  /// A tsvector holds a MiB, overhead included, and a message must not fail because it says much.
  private static final int MAX_BYTES = 900_000;

  private static final int MAX_POSITION = 16_383;
  private static final int MAX_POSITIONS = 255;
  private static final int ENTRY_BYTES = 4;
  private static final int POSITION_BYTES = 2;

  public static Indexed of(UUID messageId, String text) {
    return new Indexed(messageId, vector(Words.of(Words.normal(text))));
  }

  /// Whether there is anything to be found.
  public boolean any() {
    return !words.isEmpty();
  }

  private static String vector(List<Word> words) {
    var positions = new LinkedHashMap<String, List<Integer>>();
    var bytes = 0;
    for (var i = 0; i < words.size() && bytes < MAX_BYTES; i++) {
      var word = words.get(i).text();
      var places = positions.get(word);
      if (places == null) {
        places = new ArrayList<>(1);
        positions.put(word, places);
        bytes += word.getBytes(StandardCharsets.UTF_8).length + ENTRY_BYTES;
      }
      if (places.isEmpty() || i < MAX_POSITION && places.size() < MAX_POSITIONS) {
        places.add(Math.min(i + 1, MAX_POSITION));
        bytes += POSITION_BYTES;
      }
    }
    return text(positions);
  }

  private static String text(Map<String, List<Integer>> positions) {
    var vector = new StringBuilder();
    positions.forEach(
        (word, places) -> {
          var list = new StringJoiner(",");
          places.forEach(place -> list.add(place.toString()));
          vector.append('\'').append(word).append("':").append(list).append(' ');
        });
    return vector.toString();
  }
}
