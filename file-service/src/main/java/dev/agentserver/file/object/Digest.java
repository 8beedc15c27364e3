package dev.agentserver.file.object;

import java.util.HexFormat;

/// What bytes were: how many, and their SHA-256 in lower-case hexadecimal.
public record Digest(long length, String sha256) {
  /// The same from the hash's bytes.
  public static Digest of(long length, byte[] sha256) {
    return new Digest(length, HexFormat.of().formatHex(sha256));
  }
}
