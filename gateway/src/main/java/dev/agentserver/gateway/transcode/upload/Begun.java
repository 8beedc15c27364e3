package dev.agentserver.gateway.transcode.upload;

import dev.agentserver.gateway.fault.Fault;
import java.io.ByteArrayOutputStream;

/// The beginning of an element whose end has not come yet.
final class Begun {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int limit;

  /// @param limit the most bytes of an element
  Begun(int limit) {
    this.limit = limit;
  }

  boolean isEmpty() {
    return bytes.size() == 0;
  }

  /// Keeps a part of a piece.
  void add(byte[] piece, int from, int to) {
    if (to - from > limit - bytes.size()) {
      throw Fault.tooLarge("a message", limit);
    }
    bytes.write(piece, from, to - from);
  }

  /// The whole element, whose last part this is.
  byte[] end(byte[] piece, int from, int to) {
    add(piece, from, to);
    return take();
  }

  /// What is there, as a whole.
  byte[] take() {
    var whole = bytes.toByteArray();
    bytes.reset();
    return whole;
  }
}
