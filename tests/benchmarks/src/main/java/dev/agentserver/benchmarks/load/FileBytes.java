package dev.agentserver.benchmarks.load;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ThreadLocalRandom;

/// Bytes that no file had before.
public final class FileBytes {
  private static final int PIECE = 1 << 16;

  private final byte[] bytes;
  private long count = ThreadLocalRandom.current().nextLong();

  public FileBytes(int size) {
    bytes = new byte[size];
    ThreadLocalRandom.current().nextBytes(bytes);
  }

  /// The same array, of which the beginning differs.
  public byte[] next() {
    count++;
    for (var i = 0; i < Long.BYTES; i++) {
      bytes[i] = (byte) (count >>> Long.BYTES * i);
    }
    return bytes;
  }

  /// Reads to the end, and says how long it was.
  static long drain(InputStream stream) throws IOException {
    var piece = new byte[PIECE];
    var length = 0L;
    for (var read = stream.read(piece); read >= 0; read = stream.read(piece)) {
      length += read;
    }
    return length;
  }
}
