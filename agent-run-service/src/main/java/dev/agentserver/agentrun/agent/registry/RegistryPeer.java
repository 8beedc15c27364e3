package dev.agentserver.agentrun.agent.registry;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// settings-service, as the caller of the call that is being handled sees it.
public interface RegistryPeer {
  /// An integration that is there.
  record Integration(UUID id, String name, boolean active) {}

  /// Those of the tools that are there, each with the integration that it belongs to; null: none.
  Map<UUID, @Nullable UUID> tools(List<UUID> ids);

  /// Those of the integrations that are there.
  List<Integration> integrations(List<UUID> ids, List<String> names);

  /// The most tokens of an answer of a model; 0: not known, or the model is not.
  int maxOutputTokens(String provider, String model);
}
