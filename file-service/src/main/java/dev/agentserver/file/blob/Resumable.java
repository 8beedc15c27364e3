package dev.agentserver.file.blob;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A blob whose bytes arrive over several requests.
///
/// @param length how many there will be; null: nobody knows yet
/// @param received how many are kept
/// @param tail the object of those behind the last part, too few to be one; null: there are none
/// @param parts how many parts the store has
/// @param epoch counts the requests that continued it
/// @param metadata what its creator said of it
/// @param expiresAt until when it may be continued
public record Resumable(
    Blob blob,
    @Nullable Long length,
    long received,
    @Nullable Blob tail,
    int parts,
    int epoch,
    String metadata,
    Instant expiresAt) {
  /// The same, where the store has begun to take its parts.
  public Resumable with(Blob inParts) {
    return new Resumable(inParts, length, received, tail, parts, epoch, metadata, expiresAt);
  }

  /// The same, further on.
  public Resumable with(int nowParts, @Nullable Blob nowTail, long nowReceived) {
    return new Resumable(blob, length, nowReceived, nowTail, nowParts, epoch, metadata, expiresAt);
  }

  /// Whether no more bytes are to come.
  public boolean isWhole() {
    return length != null && length == received;
  }
}
