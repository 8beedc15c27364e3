package dev.agentserver.settings.flag.rule;

import dev.agentserver.settings.flag.logic.Context;
import dev.agentserver.settings.flag.logic.Logic;
import dev.agentserver.settings.flag.logic.LogicError;
import dev.agentserver.settings.flag.value.Values;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A flag, ready to be evaluated by any number of threads.
///
/// @param key its name
/// @param enabled whether it answers at all
/// @param variants what it may answer, by name
/// @param defaultVariant what it answers where the targeting chooses nothing
/// @param targeting who gets which variant
/// @param metadata what is told with every answer
public record Flag(
    String key,
    boolean enabled,
    Map<String, @Nullable Object> variants,
    Optional<String> defaultVariant,
    Optional<Logic> targeting,
    Map<String, @Nullable Object> metadata) {

  /// @param definition flagd's form, as JSON in Java objects
  /// @param evaluators the rules that definitions refer to, by name
  /// @throws InvalidFlag with everything that is wrong with the definition
  public static Flag of(
      String key,
      Map<String, @Nullable Object> definition,
      Map<String, @Nullable Object> evaluators) {
    return new Definition(definition).read(key, evaluators);
  }

  /// @param context the evaluation context of OpenFeature, JSON as Java objects
  /// @param now the time that `$flagd.timestamp` tells
  public Resolution evaluate(Map<String, @Nullable Object> context, Instant now) {
    if (!enabled) {
      return Resolution.none(Reason.DISABLED, metadata);
    }
    if (targeting.isEmpty()) {
      return byDefault(Reason.STATIC);
    }
    try {
      var chosen = targeting.get().evaluate(new Context(context, key, now));
      return chosen == null ? byDefault(Reason.DEFAULT) : variant(Values.string(chosen));
    } catch (LogicError failed) {
      return Resolution.failed(ErrorCode.GENERAL, failed.getMessage(), metadata);
    }
  }

  private Resolution byDefault(Reason reason) {
    return defaultVariant
        .map(name -> Resolution.of(reason, name, variants.get(name), metadata))
        .orElseGet(() -> Resolution.none(Reason.DEFAULT, metadata));
  }

  private Resolution variant(String name) {
    return variants.containsKey(name)
        ? Resolution.of(Reason.TARGETING_MATCH, name, variants.get(name), metadata)
        : Resolution.failed(ErrorCode.GENERAL, "there is no variant \"" + name + "\"", metadata);
  }
}
