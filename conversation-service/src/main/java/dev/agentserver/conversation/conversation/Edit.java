package dev.agentserver.conversation.conversation;

import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One change of a conversation's attributes.
public sealed interface Edit {
  record Title(String title) implements Edit {}

  record Model(String model) implements Edit {}

  record Agent(@Nullable UUID agentId) implements Edit {}

  record ExternalId(@Nullable String externalId) implements Edit {}

  /// All pairs.
  record Metadata(Map<String, String> metadata) implements Edit {}

  /// Said by clients that send back the whole conversation; refused when it would be a change.
  record Temporary(boolean temporary) implements Edit {}

  /// One pair; a null value takes it out.
  record MetadataPair(String key, @Nullable String value) implements Edit {}

  /// @param conversation what is edited, as it was before the first edit
  default Attributes applyTo(Attributes old, Conversation conversation) {
    return switch (this) {
      case Title(var title) ->
          new Attributes(title, old.model(), old.agentId(), old.externalId(), old.metadata());
      case Model(var model) ->
          new Attributes(old.title(), model, old.agentId(), old.externalId(), old.metadata());
      case Agent(var agentId) ->
          new Attributes(old.title(), old.model(), agentId, old.externalId(), old.metadata());
      case ExternalId(var externalId) ->
          new Attributes(old.title(), old.model(), old.agentId(), externalId, old.metadata());
      case Metadata(var metadata) ->
          new Attributes(old.title(), old.model(), old.agentId(), old.externalId(), metadata);
      case Temporary(var temporary) -> {
        if (temporary != conversation.temporary()) {
          throw Problem.invalid("conversation.temporary", "cannot be changed");
        }
        yield old;
      }
      case MetadataPair(var key, var value) -> {
        var metadata = new TreeMap<>(old.metadata());
        if (value == null) {
          metadata.remove(key);
        } else {
          metadata.put(key, value);
        }
        yield new Attributes(old.title(), old.model(), old.agentId(), old.externalId(), metadata);
      }
    };
  }
}
