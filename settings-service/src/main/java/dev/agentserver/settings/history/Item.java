package dev.agentserver.settings.history;

/// Names one value.
///
/// @param environment the environment it is for; [#ALL] for every one; empty: what the key itself
/// means
public record Item(String key, String environment) implements Comparable<Item> {
  public static final String ALL = "all";

  /// What the key itself means.
  public static Item definition(String key) {
    return new Item(key, "");
  }

  /// The value for an environment; empty: for all.
  public static Item value(String key, String environment) {
    return new Item(key, environment.isEmpty() ? ALL : environment);
  }

  public boolean isDefinition() {
    return environment.isEmpty();
  }

  @Override
  public int compareTo(Item other) {
    var byKey = key.compareTo(other.key);
    return byKey != 0 ? byKey : environment.compareTo(other.environment);
  }

  @Override
  public String toString() {
    return key + "@" + environment;
  }
}
