package dev.agentserver.settings.configuration;

import dev.agentserver.settings.definition.Definition;
import java.util.Optional;

/// What the environment of this process says of settings, by the name of the variable. It counts
/// for the platform's settings only: a tenant could name one of its own after any variable.
@FunctionalInterface
public interface Overrides {
  Overrides NONE = _ -> Optional.empty();

  Optional<String> find(String variable);

  /// What is said of a setting.
  default Optional<String> of(Definition definition) {
    return find(definition.variable());
  }
}
