package dev.agentserver.settings.flag.eval;

import dev.agentserver.settings.flag.rule.ErrorCode;
import dev.agentserver.settings.flag.rule.Flag;
import dev.agentserver.settings.flag.rule.InvalidFlag;
import dev.agentserver.settings.flag.rule.InvalidFlag.Problem;
import dev.agentserver.settings.flag.rule.Reason;
import dev.agentserver.settings.flag.rule.Resolution;
import dev.agentserver.settings.flag.store.FlagDocument;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A flag as it counts in one environment.
///
/// @param document where its definition comes from, with the kill switch as it counts
/// @param rule the compiled definition; null where it cannot be read
/// @param fault what is wrong with it; null: nothing
record ServedFlag(
    String key, FlagDocument document, @Nullable Flag rule, @Nullable Resolution fault) {
  /// A definition that cannot be read, because rules it refers to have changed, is served as a
  /// fault.
  static ServedFlag of(String key, FlagDocument document, Map<String, Object> evaluators) {
    try {
      return new ServedFlag(key, document, Flag.of(key, document.definition(), evaluators), null);
    } catch (InvalidFlag invalid) {
      var message =
          invalid.problems().stream().map(Problem::message).collect(Collectors.joining("; "));
      return new ServedFlag(key, document, null, fault(ErrorCode.PARSE_ERROR, message));
    }
  }

  /// The same where it would need itself.
  ServedFlag inCircle() {
    return new ServedFlag(
        key, document, rule, fault(ErrorCode.GENERAL, "the flag's prerequisites need it"));
  }

  /// What it is while a prerequisite is not met: its off variant, else its default variant.
  Resolution off(Flag rule) {
    var variant =
        document.offVariant().isEmpty()
            ? rule.defaultVariant()
            : Optional.of(document.offVariant());
    return variant
        .filter(rule.variants()::containsKey)
        .map(
            name ->
                new Resolution(
                    Reason.DEFAULT,
                    variant,
                    rule.variants().get(name),
                    true,
                    Optional.empty(),
                    "",
                    rule.metadata()))
        .orElseGet(() -> without(Reason.DEFAULT, rule.metadata()));
  }

  static Resolution without(Reason reason, Map<String, Object> metadata) {
    return new Resolution(reason, Optional.empty(), null, false, Optional.empty(), "", metadata);
  }

  static Resolution fault(ErrorCode code, String message) {
    return new Resolution(
        Reason.ERROR, Optional.empty(), null, false, Optional.of(code), message, Map.of());
  }
}
