package dev.agentserver.gateway.transcode.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Puts text and printed messages together.
final class Pieces {
  static final byte[] NOTHING = new byte[0];

  private Pieces() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] join(String before, byte[] json, String after) {
    var all = new ByteArrayOutputStream(before.length() + json.length + after.length());
    all.writeBytes(utf8(before));
    all.writeBytes(json);
    all.writeBytes(utf8(after));
    return all.toByteArray();
  }
}
