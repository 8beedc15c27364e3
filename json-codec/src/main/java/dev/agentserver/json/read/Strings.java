package dev.agentserver.json.read;

import dev.agentserver.json.JsonException;
import dev.agentserver.json.text.Ascii;
import dev.agentserver.json.text.Buffer;
import dev.agentserver.json.text.Utf8;
import java.nio.charset.StandardCharsets;

/// Reads JSON strings. What a string says is a part of the text itself, or of a scratch pad where
/// it has escapes.
final class Strings {
  private static final int ESCAPED_UNIT = 6;

  private final byte[] json;

  /// What the last string says: the bytes from here to there.
  byte[] bytes;

  int from;
  int to;

  /// Whether the last string has half a surrogate pair, which is no text.
  boolean isTorn;

  Strings(byte[] json) {
    this.json = json;
    this.bytes = json;
  }

  String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /// @param start where the opening quote is
  /// @return the place after the closing quote
  int read(int start, Buffer scratch) {
    isTorn = false;
    int at = plainEnd(start + 1);
    if (json[at] == '\\') {
      return unescape(start + 1, at, scratch);
    }
    bytes = json;
    from = start + 1;
    to = at;
    return at + 1;
  }

  /// Where the quote or the escape is that ends what can be taken as it is.
  private int plainEnd(int start) {
    int at = start;
    while (true) {
      at = Ascii.plainEnd(json, at, json.length);
      if (at == json.length) {
        throw Syntax.endsTooEarly();
      }
      byte each = json[at];
      if (each == '"' || each == '\\') {
        return at;
      }
      int length = each < 0 ? Utf8.length(json, at, json.length) : 0;
      if (length == 0) {
        throw each < 0
            ? new JsonException("body", "is not UTF-8 at byte " + at)
            : Syntax.notJson(at, "a control character in a string");
      }
      at += length;
    }
  }

  private int unescape(int start, int firstEscape, Buffer scratch) {
    scratch.truncate(0);
    scratch.put(json, start, firstEscape);
    int at = firstEscape;
    while (json[at] != '"') {
      at = escape(at, scratch);
      int end = plainEnd(at);
      scratch.put(json, at, end);
      at = end;
    }
    bytes = scratch.array();
    from = 0;
    to = scratch.size();
    return at + 1;
  }

  private int escape(int at, Buffer scratch) {
    if (at + 1 >= json.length) {
      throw Syntax.endsTooEarly();
    }
    int said =
        switch (json[at + 1]) {
          case '"', '\\', '/' -> json[at + 1];
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'u' -> -1;
          default -> throw Syntax.notJson(at, "an escape that there is not");
        };
    if (said >= 0) {
      scratch.put(said);
      return at + 2;
    }
    return unit(at, scratch);
  }

  /// One unit of UTF-16, or the two of a pair.
  private int unit(int at, Buffer scratch) {
    char first = hex(at);
    int next = at + ESCAPED_UNIT;
    if (!Character.isSurrogate(first)) {
      Utf8.put(scratch, first);
      return next;
    }
    boolean paired =
        Character.isHighSurrogate(first)
            && next + 1 < json.length
            && json[next] == '\\'
            && json[next + 1] == 'u'
            && Character.isLowSurrogate(hex(next));
    if (!paired) {
      isTorn = true;
      scratch.put('?');
      return next;
    }
    Utf8.put(scratch, Character.toCodePoint(first, hex(next)));
    return next + ESCAPED_UNIT;
  }

  private char hex(int at) {
    if (at + ESCAPED_UNIT > json.length) {
      throw Syntax.endsTooEarly();
    }
    int unit = 0;
    for (int i = at + 2; i < at + ESCAPED_UNIT; i++) {
      int digit = Character.digit(json[i], 16);
      if (digit < 0) {
        throw Syntax.notJson(at, "an escape that there is not");
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }
}
