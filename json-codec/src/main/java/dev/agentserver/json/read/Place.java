package dev.agentserver.json.read;

import dev.agentserver.json.text.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/// Says where in a JSON text something stands: `messages[3].content`. It is only asked for when a
/// text is refused, so it goes through the text again instead of keeping account all the time.
final class Place {
  private static final String WHOLE = "body";
  private static final int LONGEST = 256;

  /// An object or array that the place is in.
  private static final class Level {
    private final boolean isArray;
    private boolean expectsName;
    private String name = "";
    private int index;

    private Level(boolean isArray) {
      this.isArray = isArray;
      this.expectsName = !isArray;
    }
  }

  private final byte[] json;
  private final Deque<Level> levels = new ArrayDeque<>();

  private Place(byte[] json) {
    this.json = json;
  }

  /// @param prefix the path of the field that the text is the value of; empty when it is the whole
  /// message
  /// @param offset where the value begins, or the name of a member; all before is sound
  static String of(byte[] json, String prefix, int offset) {
    var place = new Place(json);
    int at = 0;
    while (at < offset) {
      at = place.step(at);
    }
    if (offset < json.length && json[offset] == '"') {
      place.text(offset);
    }
    return place.path(prefix);
  }

  private int step(int at) {
    switch (json[at]) {
      case '{', '[' -> levels.addLast(new Level(json[at] == '['));
      case '}', ']' -> levels.removeLast();
      case ',' -> {
        var level = levels.getLast();
        level.index++;
        level.expectsName = !level.isArray;
      }
      case '"' -> {
        return text(at);
      }
      default -> {}
    }
    return at + 1;
  }

  /// @return where the string that begins here ends
  private int text(int start) {
    int end = start + 1;
    while (end < json.length && json[end] != '"') {
      end += json[end] == '\\' ? 2 : 1;
    }
    var level = levels.peekLast();
    if (level != null && level.expectsName && end < json.length) {
      level.name = name(start);
      level.expectsName = false;
    }
    return end + 1;
  }

  private String name(int start) {
    var strings = new Strings(json);
    strings.read(start, new Buffer(0));
    return strings.text();
  }

  private String path(String prefix) {
    var path = new StringBuilder(prefix);
    for (var level : levels) {
      if (level.isArray) {
        path.append('[').append(level.index).append(']');
      } else if (!level.name.isEmpty() || !level.expectsName) {
        path.append(path.isEmpty() ? "" : ".").append(level.name);
      }
      if (path.length() > LONGEST) {
        return path.substring(0, LONGEST) + "...";
      }
    }
    return path.isEmpty() ? WHOLE : path.toString();
  }
}
