package dev.agentserver.gateway.exchange;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes messages out of a response in gRPC's framing, which may come in any pieces.
final class ReplyFrames {
  private static final int PREFIX = 5;

  private final int limit;
  private byte[] buffer = new byte[0];
  private int start;
  private int end;

  /// @param limit the most bytes of a message
  ReplyFrames(int limit) {
    this.limit = limit;
  }

  void feed(byte[] piece) {
    if (start == end) {
      buffer = piece;
      start = 0;
      end = piece.length;
      return;
    }
    int left = end - start;
    if (end + piece.length > buffer.length) {
      // Twice what is there, so that a message in many pieces is not copied for each of them.
      buffer = Arrays.copyOfRange(buffer, start, start + 2 * left + piece.length);
      start = 0;
      end = left;
    }
    System.arraycopy(piece, 0, buffer, end, piece.length);
    end += piece.length;
  }

  /// The next whole message; null when more bytes are needed.
  byte @Nullable [] next() {
    int left = end - start;
    if (left == 0) {
      return null;
    }
    if (buffer[start] != 0) {
      throw Refused.damaged("Unsupported gRPC frame flag: " + (buffer[start] & 0xff));
    }
    if (left < PREFIX) {
      return null;
    }
    int length = length();
    if (length < 0 || length > limit) {
      throw Refused.tooLarge();
    }
    if (left < PREFIX + length) {
      return null;
    }
    start += PREFIX + length;
    return Arrays.copyOfRange(buffer, start - length, start);
  }

  /// Makes sure that nothing is left over at the end of the body.
  void finish() {
    int left = end - start;
    if (left == 0) {
      return;
    }
    throw Refused.damaged(
        left < PREFIX
            ? "Incomplete gRPC frame header received"
            : "Incomplete gRPC frame expected size: %d actual size: %d"
                .formatted(length(), left - PREFIX));
  }

  private int length() {
    return ByteBuffer.wrap(buffer).getInt(start + 1);
  }
}
