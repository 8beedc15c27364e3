package dev.agentserver.json.text;

import java.nio.charset.StandardCharsets;

/// Prints JSON strings.
public final class Quoted {
  private static final byte[][] ESCAPES = new byte[' '][];

  static {
    for (int i = 0; i < ESCAPES.length; i++) {
      ESCAPES[i] =
          switch (i) {
            case '\b' -> ascii("\\b");
            case '\t' -> ascii("\\t");
            case '\n' -> ascii("\\n");
            case '\f' -> ascii("\\f");
            case '\r' -> ascii("\\r");
            default -> ascii(String.format("\\u%04x", i));
          };
    }
  }

  private Quoted() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  public static void print(Buffer out, String text) {
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    print(out, utf8, 0, utf8.length);
  }

  /// Prints text that is there as UTF-8.
  ///
  /// @return whether it was UTF-8
  public static boolean print(Buffer out, byte[] utf8, int from, int to) {
    out.put('"');
    int start = from;
    int at = from;
    while (true) {
      at = Ascii.plainEnd(utf8, at, to);
      if (at == to) {
        break;
      }
      byte each = utf8[at];
      if (each < 0) {
        int length = Utf8.length(utf8, at, to);
        if (length == 0) {
          return false;
        }
        at += length;
      } else {
        out.put(utf8, start, at);
        escape(out, each);
        start = ++at;
      }
    }
    out.put(utf8, start, to);
    out.put('"');
    return true;
  }

  private static void escape(Buffer out, byte each) {
    if (each < ' ') {
      out.put(ESCAPES[each]);
    } else {
      out.put('\\');
      out.put(each);
    }
  }
}
