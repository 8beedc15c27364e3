package dev.agentserver.agentrun.session.artifact;

import java.time.Instant;
import java.util.HexFormat;

/// A file of a session, in one of its revisions.
///
/// @param content empty where it was not asked for
/// @param updatedAt when this revision was put
public record Artifact(
    String key,
    int revision,
    String content,
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
