package dev.agentserver.file.file;

import dev.agentserver.kit.problem.Problem;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is known of a file.
///
/// @param contentType what the uploader said it is; mediaType is what its bytes look like
/// @param bytes where they are; null unless it is READY
public record StoredFile(
    UUID tenantId,
    UUID id,
    UUID ownerId,
    String filename,
    String contentType,
    String mediaType,
    Purpose purpose,
    FileState state,
    @Nullable Bytes bytes,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// The kind of resource, as errors and the audit trail name it.
  public static final String RESOURCE = "file";

  /// The bytes of a file in the object store.
  public record Bytes(String bucket, String key, long size, String sha256) {
    /// Bucket and key.
    public String path() {
      return bucket + "/" + key;
    }
  }

  /// Where the bytes are read, behind the gateway.
  public String url() {
    return "/v1/files/" + id + "/content";
  }

  /// Names this state.
  public String etag() {
    return Long.toString(version);
  }

  /// The bytes; fails where they cannot be read.
  public Bytes readable() {
    if (bytes == null) {
      throw new Problem.Refused(
              "FILE_NOT_READY",
              "the bytes of file " + id + " cannot be read",
              Map.of("id", id.toString(), "state", state.name()))
          .raise();
    }
    return bytes;
  }
}
