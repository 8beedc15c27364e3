package dev.agentserver.agentrun.link;

import java.util.Optional;
import java.util.UUID;

/// file-service, as it answers the caller at hand.
@FunctionalInterface
public interface FilePeer {
  /// A file, as far as artifacts name it.
  ///
  /// @param state where it is in its life; it can be read in READY only
  /// @param sha256 of its bytes, in hexadecimal digits; empty until it is READY
  record File(UUID id, String mediaType, long sizeBytes, String sha256, String state) {}

  /// Empty where the caller may not see such a file. It asks another service: never within a
  /// transaction.
  Optional<File> find(UUID fileId);
}
