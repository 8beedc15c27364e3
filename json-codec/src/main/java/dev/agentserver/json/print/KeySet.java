package dev.agentserver.json.print;

import dev.agentserver.json.text.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys of a map that were printed, to notice one that comes again. Few are compared one with
/// another, which makes no garbage.
final class KeySet {
  private static final int FEW = 12;

  private final Buffer out;
  private int @Nullable [] places;
  private int count;
  private @Nullable Set<String> many;

  KeySet(Buffer out) {
    this.out = out;
  }

  /// @return whether the key, printed from here to there, is new
  boolean add(int from, int to) {
    if (count < FEW) {
      return addToFew(from, to);
    }
    if (many == null) {
      many = new HashSet<>();
      for (int i = 0; i < FEW; i++) {
        many.add(text(places[2 * i], places[2 * i + 1]));
      }
    }
    count++;
    return many.add(text(from, to));
  }

  private boolean addToFew(int from, int to) {
    if (places == null) {
      places = new int[2 * FEW];
    }
    var bytes = out.array();
    for (int i = 0; i < count; i++) {
      if (Arrays.equals(bytes, places[2 * i], places[2 * i + 1], bytes, from, to)) {
        return false;
      }
    }
    places[2 * count] = from;
    places[2 * count + 1] = to;
    count++;
    return true;
  }

  /// Forgets the last key, while there are few; of many it may be kept, which only costs time.
  void removeLast() {
    if (count <= FEW) {
      count--;
    }
  }

  private String text(int from, int to) {
    return new String(out.array(), from, to - from, StandardCharsets.ISO_8859_1);
  }
}
