package dev.agentserver.json.print;

import dev.agentserver.json.text.Buffer;

/// Lays JSON out with each member and element on a line of its own, one blank for each level, and
/// an end of line at its end.
public final class Indented {
  private final byte[] json;
  private final Buffer out;
  private int level;

  private Indented(byte[] json) {
    this.json = json;
    this.out = new Buffer(2 * json.length);
  }

  /// @param json as it is printed without blanks
  public static byte[] of(byte[] json) {
    var indented = new Indented(json);
    int at = 0;
    while (at < json.length) {
      at = indented.step(at);
    }
    indented.out.put('\n');
    return indented.out.toByteArray();
  }

  private int step(int at) {
    switch (json[at]) {
      case '"' -> {
        return string(at);
      }
      case '{', '[' -> {
        out.put(json[at]);
        if (json[at + 1] == '}' || json[at + 1] == ']') {
          out.put(json[at + 1]);
          return at + 2;
        }
        level++;
        line();
      }
      case '}', ']' -> {
        level--;
        line();
        out.put(json[at]);
      }
      case ',' -> {
        out.put(',');
        line();
      }
      case ':' -> {
        out.put(':');
        out.put(' ');
      }
      default -> out.put(json[at]);
    }
    return at + 1;
  }

  private int string(int start) {
    int end = start + 1;
    while (json[end] != '"') {
      end += json[end] == '\\' ? 2 : 1;
    }
    out.put(json, start, end + 1);
    return end + 1;
  }

  private void line() {
    out.put('\n');
    for (int i = 0; i < level; i++) {
      out.put(' ');
    }
  }
}
