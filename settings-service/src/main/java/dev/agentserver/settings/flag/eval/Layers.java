package dev.agentserver.settings.flag.eval;

import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.StoredFlag;
import dev.agentserver.settings.history.Item;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What lies above what: a tenant's flags for an environment, its flags for all of them, the
/// platform's for the environment, the platform's for all.
public final class Layers {
  private final List<StoredFlag> own;
  private final List<StoredFlag> platform;

  /// @param platform empty for the platform itself
  public Layers(List<StoredFlag> own, List<StoredFlag> platform) {
    this.own = own;
    this.platform = platform;
  }

  /// The environments that something is kept for, [Item#ALL] too.
  public Set<String> environments() {
    var environments = new HashSet<String>();
    environments.add(Item.ALL);
    own.forEach(flag -> environments.add(flag.item().environment()));
    platform.forEach(flag -> environments.add(flag.item().environment()));
    return environments;
  }

  /// @param before the flags of this environment before; null: there are none
  public FlagSet in(String environment, @Nullable FlagSet before) {
    var layers =
        List.of(
            layer(own, environment),
            environment.equals(Item.ALL) ? Map.<String, FlagDocument>of() : layer(own, Item.ALL),
            layer(platform, environment),
            environment.equals(Item.ALL)
                ? Map.<String, FlagDocument>of()
                : layer(platform, Item.ALL));
    var evaluators = new HashMap<String, Object>();
    layers
        .reversed()
        .forEach(
            layer ->
                evaluators.putAll(
                    layer.getOrDefault(StoredFlag.EVALUATORS, FlagDocument.NONE).definition()));
    var keys = new TreeSet<String>();
    layers.forEach(layer -> keys.addAll(layer.keySet()));
    keys.remove(StoredFlag.EVALUATORS);
    var documents = new HashMap<String, FlagDocument>();
    for (var key : keys) {
      var counts = counts(layers, key);
      if (counts != null) {
        documents.put(key, counts);
      }
    }
    return FlagSet.of(documents, evaluators, before);
  }

  private static Map<String, FlagDocument> layer(List<StoredFlag> flags, String environment) {
    var layer = new HashMap<String, FlagDocument>();
    for (var flag : flags) {
      if (flag.item().environment().equals(environment)) {
        layer.put(flag.item().key(), flag.document());
      }
    }
    return layer;
  }

  /// The topmost definition. The tenant's kill switches count for every flag, the platform's for
  /// the platform's.
  private static @Nullable FlagDocument counts(List<Map<String, FlagDocument>> layers, String key) {
    FlagDocument counts = null;
    var killed = false;
    for (var index = 0; index < layers.size(); index++) {
      var document = layers.get(index).getOrDefault(key, FlagDocument.NONE);
      var ofPlatform = index >= 2;
      if (ofPlatform && counts != null && !ofPlatform(layers, counts, key)) {
        break;
      }
      killed |= document.killed();
      if (counts == null && document.isDefined()) {
        counts = document;
      }
    }
    return counts == null ? null : counts.withKilled(killed);
  }

  private static boolean ofPlatform(
      List<Map<String, FlagDocument>> layers, FlagDocument counts, String key) {
    return layers.get(0).get(key) != counts && layers.get(1).get(key) != counts;
  }
}
