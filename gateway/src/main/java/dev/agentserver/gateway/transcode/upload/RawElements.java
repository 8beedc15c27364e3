package dev.agentserver.gateway.transcode.upload;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The pieces of a body that is bytes of any kind, as they come; large ones are cut. A body without
/// bytes is one empty piece, because it is a body all the same.
public final class RawElements implements Elements {
  private static final int LARGEST = 1024 * 1024;

  private final int largest;
  private byte[] piece = new byte[0];
  private int at;
  private boolean isEmpty = true;
  private boolean owed;

  /// @param limit the most bytes of a message, which holds more than the piece
  public RawElements(int limit) {
    this.largest = Math.min(LARGEST, limit / 2);
  }

  @Override
  public void feed(byte[] next) {
    piece = next;
    at = 0;
    isEmpty &= next.length == 0;
  }

  @Override
  public byte @Nullable [] next() {
    if (owed) {
      owed = false;
      return piece;
    }
    if (at == piece.length) {
      return null;
    }
    int start = at;
    at = Math.min(piece.length, start + largest);
    return start == 0 && at == piece.length ? piece : Arrays.copyOfRange(piece, start, at);
  }

  @Override
  public void finish() {
    owed = isEmpty;
  }
}
