package dev.agentserver.file.blob;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The row of an object.
///
/// @param multipart what the store calls the upload by which its parts arrive; null: it arrives in
///     one request
public record Blob(
    UUID tenantId, UUID id, String key, State state, long size, @Nullable String multipart) {
  /// Where an object is in its life.
  public enum State {
    /// Its upload is alive, or broke off.
    WRITING,
    /// It is whole, and files have it.
    READY,
    /// Nobody has it any more.
    DELETING
  }
}
