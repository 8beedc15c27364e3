package dev.agentserver.conversation.link;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// file-service, as it answers the caller at hand.
@FunctionalInterface
public interface FilePeer {
  /// A file, as far as messages name it.
  ///
  /// @param state where it is in its life; it can be read in READY only
  record File(UUID id, String name, String mediaType, long sizeBytes, String state) {}

  /// What was found.
  ///
  /// @param files all that were asked for; none where one is missing
  /// @param missing the first that the caller may not see; null: they may see all
  record Found(List<File> files, @Nullable UUID missing) {}

  /// Asks for files. It asks another service: never within a transaction.
  Found find(List<UUID> ids);
}
