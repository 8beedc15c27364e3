package dev.agentserver.file.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash that files are known by.
final class Sha256 {
  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
