package dev.agentserver.settings.configuration;

import dev.agentserver.settings.configuration.Setting.Layer;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.Schemas;
import dev.agentserver.settings.history.Item;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A tenant's configuration at one revision, unchangeable.
///
/// @param definitions by key
record Snapshot(
    long revision,
    NavigableMap<String, Definition> definitions,
    Map<Item, Value> values,
    Overrides overrides) {
  Snapshot {
    definitions = Collections.unmodifiableNavigableMap(new TreeMap<>(definitions));
    values = Map.copyOf(values);
  }

  /// Every setting that begins so, by key.
  Stream<Setting> settings(String environment, String prefix) {
    return definitions.tailMap(prefix, true).values().stream()
        .takeWhile(definition -> definition.key().startsWith(prefix))
        .map(definition -> setting(definition, environment));
  }

  Optional<Setting> setting(String key, String environment) {
    return Optional.ofNullable(definitions.get(key))
        .map(definition -> setting(definition, environment));
  }

  /// The value that wins, sealed where it is a secret; null where none is set.
  @Nullable Value value(Definition definition, String environment) {
    if (!definition.draft().active()) {
      return null;
    }
    var own = values.get(Item.value(definition.key(), environment));
    return own != null ? own : values.get(Item.value(definition.key(), ""));
  }

  private Setting setting(Definition definition, String environment) {
    var draft = definition.draft();
    var override = overrides.of(definition).filter(text -> Schemas.fault(draft, text).isEmpty());
    if (override.isPresent()) {
      return of(definition, override.get(), null, Layer.PROCESS, 0);
    }
    var value = value(definition, environment);
    if (value != null) {
      var own = values.get(Item.value(definition.key(), environment)) == value;
      var layer = own && !environment.isEmpty() ? Layer.ENVIRONMENT : Layer.ALL;
      return of(definition, value.text(), value.fingerprint(), layer, value.revision());
    }
    var fallback = draft.fallback();
    return fallback == null
        ? of(definition, null, null, Layer.NONE, 0)
        : of(definition, fallback, null, Layer.DEFAULT, definition.revision());
  }

  private static Setting of(
      Definition definition,
      @Nullable String text,
      @Nullable String fingerprint,
      Layer layer,
      long revision) {
    return new Setting(
        definition.key(),
        definition.type(),
        definition.sensitive() ? null : text,
        layer,
        revision,
        definition.sensitive(),
        fingerprint,
        false);
  }
}
