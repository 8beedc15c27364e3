package dev.agentserver.json.text;

import java.util.Arrays;

/// Bytes as base64: printed with the standard alphabet and padding; read in either alphabet, with
/// or without padding and line breaks.
public final class Base64Text {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final byte[] DIGITS = new byte[64];
  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < DIGITS.length; i++) {
      DIGITS[i] = (byte) ALPHABET.charAt(i);
      VALUES[DIGITS[i]] = (byte) i;
    }
    VALUES['-'] = VALUES['+'];
    VALUES['_'] = VALUES['/'];
  }

  private Base64Text() {}

  /// Adds the text of the bytes.
  public static void print(Buffer out, byte[] bytes, int from, int to) {
    out.reserve(Math.toIntExact((to - from + 2L) / 3 * 4));
    int at = from;
    for (; at + 3 <= to; at += 3) {
      int three = (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | bytes[at + 2] & 0xFF;
      out.put(DIGITS[three >> 18]);
      out.put(DIGITS[three >> 12 & 63]);
      out.put(DIGITS[three >> 6 & 63]);
      out.put(DIGITS[three & 63]);
    }
    if (to - at == 1) {
      int one = bytes[at] & 0xFF;
      out.put(DIGITS[one >> 2]);
      out.put(DIGITS[one << 4 & 63]);
      out.put('=');
      out.put('=');
    } else if (to - at == 2) {
      int two = (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
      out.put(DIGITS[two >> 10]);
      out.put(DIGITS[two >> 4 & 63]);
      out.put(DIGITS[two << 2 & 63]);
      out.put('=');
    }
  }

  /// Adds the bytes that the text says.
  ///
  /// @return whether it was base64
  public static boolean read(Buffer out, byte[] text, int from, int to) {
    int bits = 0;
    int digits = 0;
    int at = from;
    for (; at < to && text[at] != '='; at++) {
      byte each = text[at];
      int value = each < 0 ? -1 : VALUES[each];
      if (value >= 0) {
        bits = bits << 6 | value;
        if ((++digits & 3) == 0) {
          out.put(bits >> 16);
          out.put(bits >> 8);
          out.put(bits);
        }
      } else if (each != '\r' && each != '\n') {
        return false;
      }
    }
    return isPadding(text, at, to, digits & 3) && rest(out, bits, digits & 3);
  }

  private static boolean rest(Buffer out, int bits, int digits) {
    switch (digits) {
      case 2 -> out.put(bits >> 4);
      case 3 -> {
        out.put(bits >> 10);
        out.put(bits >> 2);
      }
      default -> {}
    }
    return digits != 1;
  }

  /// None at all, or what makes the last group four characters.
  private static boolean isPadding(byte[] text, int from, int to, int digits) {
    int found = 0;
    for (int at = from; at < to; at++) {
      if (text[at] == '=') {
        found++;
      } else if (text[at] != '\r' && text[at] != '\n') {
        return false;
      }
    }
    return found == 0 || digits >= 2 && digits + found == 4;
  }
}
