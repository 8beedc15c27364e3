package dev.agentserver.file.blob;

import java.util.UUID;

/// The row of an object.
public record Blob(UUID tenantId, UUID id, String key, State state, long size) {
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
