package dev.agentserver.settings.flag.rule;

import dev.agentserver.settings.flag.logic.Arity;
import dev.agentserver.settings.flag.logic.Logic;
import dev.agentserver.settings.flag.logic.LogicError;
import dev.agentserver.settings.flag.rule.InvalidFlag.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a flag's definition in flagd's form (https://flagd.dev/schema/v0/flags.json) and finds
/// everything that is wrong with it.
final class Definition {
  private static final Set<String> FIELDS =
      Set.of("state", "variants", "defaultVariant", "targeting", "metadata");
  private static final String TARGETING = "/targeting";

  private final Map<String, @Nullable Object> fields;
  private final List<Problem> problems = new ArrayList<>();

  Definition(Map<String, @Nullable Object> fields) {
    this.fields = fields;
  }

  Flag read(String key, Map<String, @Nullable Object> evaluators) {
    for (var name : fields.keySet()) {
      if (!FIELDS.contains(name)) {
        problem("/" + name, "is no field of a flag");
      }
    }
    var variants = variants();
    var flag =
        new Flag(
            key,
            isEnabled(),
            variants,
            defaultVariant(variants),
            targeting(evaluators),
            metadata());
    if (!problems.isEmpty()) {
      throw new InvalidFlag(problems);
    }
    return flag;
  }

  private boolean isEnabled() {
    var state = fields.get("state");
    if (!"ENABLED".equals(state) && !"DISABLED".equals(state)) {
      problem("/state", "must be ENABLED or DISABLED");
    }
    return "ENABLED".equals(state);
  }

  private Map<String, @Nullable Object> variants() {
    var variants = object("variants");
    if (variants.isEmpty()) {
      problem("/variants", "must have one variant at least");
    }
    Class<?> type = null;
    for (var variant : variants.entrySet()) {
      var found = type(variant.getValue());
      if (found == Void.class) {
        problem("/variants/" + variant.getKey(), "must be a boolean, text, a number or an object");
      } else if (type != null && type != found) {
        problem("/variants/" + variant.getKey(), "must be of the same type as the other variants");
      } else {
        type = found;
      }
    }
    return variants;
  }

  private static Class<?> type(@Nullable Object value) {
    return switch (value) {
      case Boolean _ -> Boolean.class;
      case String _ -> String.class;
      case Double _ -> Double.class;
      case Map<?, ?> _ -> Map.class;
      case List<?> _ -> Map.class;
      case null, default -> Void.class;
    };
  }

  private Optional<String> defaultVariant(Map<String, @Nullable Object> variants) {
    return switch (fields.get("defaultVariant")) {
      case null -> Optional.empty();
      case String name when variants.containsKey(name) -> Optional.of(name);
      case Object _ -> {
        problem("/defaultVariant", "must be one of the variants, or null");
        yield Optional.empty();
      }
    };
  }

  private Optional<Logic> targeting(Map<String, @Nullable Object> evaluators) {
    if (object("targeting").isEmpty()) {
      return Optional.empty();
    }
    var before = problems.size();
    var rule =
        new Evaluators(evaluators, this::problem).resolve(fields.get("targeting"), TARGETING);
    Arity.check(rule, TARGETING, this::problem);
    if (problems.size() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(Logic.compile(rule));
    } catch (LogicError impossible) {
      problem(TARGETING, impossible.getMessage());
      return Optional.empty();
    }
  }

  private Map<String, @Nullable Object> metadata() {
    var metadata = object("metadata");
    metadata.forEach(
        (name, value) -> {
          if (!(value instanceof String || value instanceof Double || value instanceof Boolean)) {
            problem("/metadata/" + name, "must be text, a number or a boolean");
          }
        });
    return metadata;
  }

  @SuppressWarnings("unchecked") // JSON has only texts for names
  private Map<String, @Nullable Object> object(String name) {
    return switch (fields.get(name)) {
      case null -> Map.of();
      case Map<?, ?> map -> (Map<String, @Nullable Object>) map;
      case Object _ -> {
        problem("/" + name, "must be an object");
        yield Map.of();
      }
    };
  }

  private void problem(String path, String message) {
    problems.add(new Problem(path, message));
  }
}
