package dev.agentserver.e2e.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/// Many bytes that are made while they are read: no block of them is like another.
final class Endless extends InputStream {
  private static final int BLOCK = 1 << 16;

  private final byte[] block = new byte[BLOCK];
  private final MessageDigest sha256 = start();
  private final long length;
  private long position;

  Endless(long length) {
    this.length = length;
    new Random(length).nextBytes(block);
  }

  @Override
  public int read() {
    throw new UnsupportedOperationException("one by one would take too long");
  }

  @Override
  public int read(byte[] bytes, int offset, int count) {
    if (position == length) {
      return -1;
    }
    var at = (int) (position % BLOCK);
    if (at == 0) {
      ByteBuffer.wrap(block).putLong(position);
    }
    var taken = (int) Math.min(Math.min(count, BLOCK - at), length - position);
    System.arraycopy(block, at, bytes, offset, taken);
    sha256.update(block, at, taken);
    position += taken;
    return taken;
  }

  /// How many were read.
  long position() {
    return position;
  }

  /// What those that were read hash to; asked once.
  String sha256() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  /// What others hash to.
  static String sha256(InputStream others) throws IOException {
    var digest = start();
    var piece = new byte[BLOCK];
    for (var read = others.read(piece); read >= 0; read = others.read(piece)) {
      digest.update(piece, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
