package dev.agentserver.json.text;

/// Characters of more than one byte.
public final class Utf8 {
  private static final int CONTINUATION = 0x80;
  private static final int FIRST_SUPPLEMENTARY = 0x10000;

  private Utf8() {}

  /// How many bytes the character that begins here has: 2 to 4, or 0 where none begins. Longer
  /// forms than needed and halves of surrogate pairs are no characters.
  public static int length(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    if (at + 1 >= to || !continues(bytes[at + 1])) {
      return 0;
    }
    if (first < 0xE0) {
      return 2;
    }
    int second = bytes[at + 1] & 0xFF;
    boolean allowed =
        switch (first) {
          case 0xE0 -> second >= 0xA0;
          case 0xED -> second < 0xA0;
          case 0xF0 -> second >= 0x90;
          case 0xF4 -> second < 0x90;
          default -> true;
        };
    if (!allowed || at + 2 >= to || !continues(bytes[at + 2])) {
      return 0;
    }
    if (first < 0xF0) {
      return 3;
    }
    return at + 3 < to && continues(bytes[at + 3]) ? 4 : 0;
  }

  private static boolean continues(byte each) {
    return (each & 0xC0) == CONTINUATION;
  }

  /// Whether all of it is characters.
  public static boolean isValid(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int length = bytes[at] >= 0 ? 1 : length(bytes, at, to);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /// Adds a character.
  public static void put(Buffer out, int codePoint) {
    if (codePoint < 0x80) {
      out.put(codePoint);
    } else if (codePoint < 0x800) {
      out.put(0xC0 | codePoint >> 6);
      out.put(CONTINUATION | codePoint & 0x3F);
    } else if (codePoint < FIRST_SUPPLEMENTARY) {
      out.put(0xE0 | codePoint >> 12);
      out.put(CONTINUATION | codePoint >> 6 & 0x3F);
      out.put(CONTINUATION | codePoint & 0x3F);
    } else {
      out.put(0xF0 | codePoint >> 18);
      out.put(CONTINUATION | codePoint >> 12 & 0x3F);
      out.put(CONTINUATION | codePoint >> 6 & 0x3F);
      out.put(CONTINUATION | codePoint & 0x3F);
    }
  }
}
