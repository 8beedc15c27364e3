package dev.agentserver.conversation.tree;

import java.util.Optional;
import java.util.UUID;

/// What a message is put next to.
public sealed interface Anchor {
  /// Below the message before it in the same request; for the first, below the newest message of
  /// the writer's active branch.
  record Leaf() implements Anchor {}

  /// Below a message.
  record Below(UUID parentId) implements Anchor {}

  /// Below the parent of a message, as its sibling.
  record Beside(UUID siblingId) implements Anchor {}

  /// Below nothing.
  record Root() implements Anchor {}

  /// The message that it names, if it does.
  default Optional<UUID> messageId() {
    return switch (this) {
      case Below(var id) -> Optional.of(id);
      case Beside(var id) -> Optional.of(id);
      case Leaf(), Root() -> Optional.empty();
    };
  }
}
