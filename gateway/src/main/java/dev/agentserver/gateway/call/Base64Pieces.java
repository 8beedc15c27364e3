package dev.agentserver.gateway.call;

import dev.agentserver.gateway.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;

/// Decodes base64 that comes in pieces and has padding in the middle: a client encodes each frame
/// on its own and sends them one after the other. Every four letters stand for themselves.
final class Base64Pieces implements Framing.PieceDecoder {
  private static final int QUAD = 4;

  private byte[] rest = new byte[0];

  @Override
  public byte[] decode(byte[] piece) {
    var letters = Arrays.copyOf(rest, rest.length + piece.length);
    System.arraycopy(piece, 0, letters, rest.length, piece.length);
    int whole = letters.length - letters.length % QUAD;
    rest = Arrays.copyOfRange(letters, whole, letters.length);
    var plain = new ByteArrayOutputStream(whole);
    int from = 0;
    for (int at = 0; at < whole; at += QUAD) {
      if (letters[at + QUAD - 1] == '=') {
        plain.writeBytes(decode(letters, from, at + QUAD));
        from = at + QUAD;
      }
    }
    plain.writeBytes(decode(letters, from, whole));
    return plain.toByteArray();
  }

  private static byte[] decode(byte[] letters, int from, int to) {
    try {
      return Base64.getDecoder().decode(Arrays.copyOfRange(letters, from, to));
    } catch (IllegalArgumentException notBase64) {
      throw Fault.invalid("body", "is not base64");
    }
  }

  @Override
  public void finish() {
    if (rest.length > 0) {
      throw Fault.invalid("body", "is not base64: its length is no multiple of four");
    }
  }
}
