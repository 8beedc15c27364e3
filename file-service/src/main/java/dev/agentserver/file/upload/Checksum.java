package dev.agentserver.file.upload;

import dev.agentserver.kit.problem.Problem;
import java.security.MessageDigest;
import java.util.Map;

/// What the bytes of one request are said to hash to.
///
/// @param digest takes them
public record Checksum(MessageDigest digest, byte[] announced) {
  void update(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  /// They were all.
  void check() {
    if (!MessageDigest.isEqual(digest.digest(), announced)) {
      throw new Problem.Refused(
              "HASH_MISMATCH",
              "the bytes are not those that were announced",
              Map.of("algorithm", digest.getAlgorithm()))
          .raise();
    }
  }
}
