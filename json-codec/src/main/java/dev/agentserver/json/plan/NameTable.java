package dev.agentserver.json.plan;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds by name, where the name is UTF-8 in the middle of a text: no string is made.
public final class NameTable<T> {
  private record Entry<T>(byte[] name, T value) {}

  private final @Nullable Entry<T>[] entries;
  private final int mask;

  NameTable(Map<String, T> values) {
    this.entries = empty(Integer.highestOneBit(Math.max(values.size(), 1)) * 4);
    this.mask = entries.length - 1;
    values.forEach(this::add);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <T> @Nullable Entry<T>[] empty(int size) {
    return new Entry[size];
  }

  private void add(String name, T value) {
    var utf8 = name.getBytes(StandardCharsets.UTF_8);
    int at = hash(utf8, 0, utf8.length) & mask;
    while (entries[at] != null) {
      at = at + 1 & mask;
    }
    entries[at] = new Entry<>(utf8, value);
  }

  /// What has this name; null where nothing has.
  public @Nullable T find(byte[] text, int from, int to) {
    int at = hash(text, from, to) & mask;
    for (var entry = entries[at]; entry != null; entry = entries[at]) {
      if (Arrays.equals(entry.name, 0, entry.name.length, text, from, to)) {
        return entry.value;
      }
      at = at + 1 & mask;
    }
    return null;
  }

  private static int hash(byte[] text, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text[i];
    }
    return hash ^ hash >>> 15;
  }
}
