package dev.agentserver.agentrun.session.artifact;

import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file of a session, in one of its revisions.
///
/// @param content empty where it was not asked for, or where a file holds it
/// @param fileId the file that holds it; null: content does
/// @param updatedAt when this revision was put
public record Artifact(
    String key,
    int revision,
    String content,
    @Nullable UUID fileId,
    byte[] sha256,
    int sizeBytes,
    String mediaType,
    Instant createdAt,
    Instant updatedAt) {
  /// Names this revision.
  public String etag() {
    return HexFormat.of().formatHex(sha256, 0, 16);
  }
}
