package dev.agentserver.gateway.transcode.upload;

import org.jspecify.annotations.Nullable;

/// A JSON text on each line. Empty lines are nothing, and the last needs no end.
public final class LineElements implements Elements {
  private static final byte[] NOTHING = new byte[0];

  private final Begun begun;
  private byte[] piece = NOTHING;
  private int at;

  /// @param limit the most bytes of a line
  public LineElements(int limit) {
    this.begun = new Begun(limit);
  }

  @Override
  public void feed(byte[] next) {
    piece = next;
    at = 0;
  }

  @Override
  public byte @Nullable [] next() {
    int start = at;
    while (at < piece.length) {
      if (piece[at++] == '\n') {
        var line = begun.end(piece, start, at - 1);
        start = at;
        if (!isBlank(line)) {
          return line;
        }
      }
    }
    begun.add(piece, start, at);
    return null;
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void finish() {
    if (!begun.isEmpty()) {
      feed(new byte[] {'\n'});
    }
  }
}
