package dev.agentserver.gateway.transcode.route;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Which percent escapes of a path are decoded. A `+` is always a plus.
public enum Unescape {
  /// All but the reserved characters of RFC 6570: a decoded `/` would look like one that separates
  /// segments.
  UNRESERVED,
  /// All but the slash.
  ALL_BUT_SLASH,
  ALL;

  private static final String RESERVED = "!#$&'()*+,/:;=?@[]";

  /// By the name that it has in the options.
  public static Unescape named(String name) {
    return switch (name) {
      case "ALL_CHARACTERS_EXCEPT_RESERVED" -> UNRESERVED;
      case "ALL_CHARACTERS_EXCEPT_SLASH" -> ALL_BUT_SLASH;
      case String _ -> ALL;
    };
  }

  /// Decodes; what is not a whole escape stays as it is.
  public String decode(String text) throws CharacterCodingException {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int value = bytes[i] == '%' ? escaped(bytes, i) : -1;
      if (value >= 0 && decodes((char) value)) {
        decoded.write(value);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(decoded.toByteArray()))
        .toString();
  }

  private static int escaped(byte[] bytes, int at) {
    if (at + 2 >= bytes.length) {
      return -1;
    }
    int high = Character.digit(bytes[at + 1], 16);
    int low = Character.digit(bytes[at + 2], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private boolean decodes(char value) {
    return switch (this) {
      case UNRESERVED -> RESERVED.indexOf(value) < 0;
      case ALL_BUT_SLASH -> value != '/';
      case ALL -> true;
    };
  }
}
