package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Undefined;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of the caller, and beside it `$flagd`: the key of the flag and the time in
/// seconds.
///
/// @param values the evaluation context of OpenFeature
public record Context(Map<String, @Nullable Object> values, String flagKey, Instant now) {
  private static final String FLAGD = "$flagd";
  static final String TARGETING_KEY = "targetingKey";

  @Nullable Object property(String name) {
    if (name.equals(FLAGD)) {
      return Map.of("flagKey", flagKey, "timestamp", (double) now.getEpochSecond());
    }
    var found = values.get(name);
    return found == null && !values.containsKey(name) ? Undefined.UNDEFINED : found;
  }
}
