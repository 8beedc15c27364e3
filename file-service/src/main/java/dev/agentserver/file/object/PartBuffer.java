package dev.agentserver.file.object;

/// A buffer of the pool with the bytes of one part. Closing it gives it back; nobody may look into
/// it afterwards.
public final class PartBuffer implements AutoCloseable {
  private final PartPool pool;
  private byte[] bytes;
  private int length;

  PartBuffer(byte[] bytes, PartPool pool) {
    this.bytes = bytes;
    this.pool = pool;
  }

  /// Takes as many of the bytes as there is room for, and says how many.
  public int write(byte[] source, int offset, int count) {
    var taken = Math.min(count, room());
    System.arraycopy(source, offset, bytes, length, taken);
    length += taken;
    return taken;
  }

  public int length() {
    return length;
  }

  public int room() {
    return bytes.length - length;
  }

  /// The buffer itself, of which the first [#length] bytes count.
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (bytes.length > 0) {
      var given = bytes;
      bytes = new byte[0];
      length = 0;
      pool.giveBack(given);
    }
  }
}
