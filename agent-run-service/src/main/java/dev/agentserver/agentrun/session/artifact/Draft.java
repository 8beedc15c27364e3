package dev.agentserver.agentrun.session.artifact;

import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/// What somebody says an artifact says.
public record Draft(
    ArtifactKey key, String content, byte[] sha256, int sizeBytes, String mediaType) {
  /// The most bytes that are held here; more are for file-service.
  public static final int MOST_BYTES = 256 * 1024;

  /// @param field named when the content is refused
  /// @param mediaType empty: told by the key
  public static Draft of(String field, ArtifactKey key, String content, String mediaType) {
    if (content.indexOf('\0') >= 0) {
      throw Problem.invalid(field, "must be text, without NUL characters");
    }
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw new Problem.Refused(
              "TOO_LARGE",
              "an artifact holds at most " + MOST_BYTES + " bytes",
              Map.of("field", field, "limit_bytes", Integer.toString(MOST_BYTES)))
          .raise();
    }
    return new Draft(
        key,
        content,
        sha256(bytes),
        bytes.length,
        mediaType.isEmpty() ? key.mediaType() : mediaType);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
