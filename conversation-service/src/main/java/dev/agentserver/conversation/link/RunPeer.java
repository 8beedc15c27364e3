package dev.agentserver.conversation.link;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// agent-run-service, as it answers the caller at hand.
@FunctionalInterface
public interface RunPeer {
  /// A run, as far as messages name it.
  ///
  /// @param conversationId the one it answers in; null: none
  record Run(@Nullable UUID conversationId) {}

  /// Empty where the caller may not see such a run. It asks another service: never within a
  /// transaction.
  Optional<Run> find(UUID runId);
}
