package dev.agentserver.agentrun.session.artifact;

import dev.agentserver.agentrun.link.FilePeer.File;
import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What somebody says an artifact says.
///
/// @param content null: a file holds it
/// @param fileId null: content does
public record Draft(
    ArtifactKey key,
    @Nullable String content,
    @Nullable UUID fileId,
    byte[] sha256,
    int sizeBytes,
    String mediaType) {
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
      throw tooLarge(
          field, MOST_BYTES, "; upload more as a file for artifacts, and put its file_id instead");
    }
    return new Draft(
        key,
        content,
        null,
        sha256(bytes),
        bytes.length,
        mediaType.isEmpty() ? key.mediaType() : mediaType);
  }

  /// What a file holds.
  ///
  /// @param field named when the file is refused
  /// @param mediaType empty: told by the file
  static Draft of(String field, ArtifactKey key, File file, String mediaType) {
    if (file.sizeBytes() > Integer.MAX_VALUE) {
      throw tooLarge(field, Integer.MAX_VALUE, "");
    }
    return new Draft(
        key,
        null,
        file.id(),
        HexFormat.of().parseHex(file.sha256()),
        (int) file.sizeBytes(),
        mediaType.isEmpty() ? file.mediaType() : mediaType);
  }

  private static RuntimeException tooLarge(String field, int most, String instead) {
    return new Problem.Refused(
            "TOO_LARGE",
            "an artifact holds at most " + most + " bytes" + instead,
            Map.of("field", field, "limit_bytes", Integer.toString(most)))
        .raise();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
