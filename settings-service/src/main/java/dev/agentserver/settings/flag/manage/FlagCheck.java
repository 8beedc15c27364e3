package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import dev.agentserver.settings.flag.eval.FlagSet;
import dev.agentserver.settings.flag.eval.Layers;
import dev.agentserver.settings.flag.rule.ErrorCode;
import dev.agentserver.settings.flag.rule.Flag;
import dev.agentserver.settings.flag.rule.InvalidFlag;
import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.Prerequisite;
import dev.agentserver.settings.flag.store.StoredFlag;
import dev.agentserver.settings.history.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Looks at what a tenant's flags would be after a change, in every environment, before they are.
final class FlagCheck {
  private static final String DEFINITION = "flag.definition";

  private final List<StoredFlag> before;
  private final List<StoredFlag> platform;

  /// @param before all that the tenant keeps
  FlagCheck(List<StoredFlag> before, List<StoredFlag> platform) {
    this.before = before;
    this.platform = platform;
  }

  /// Whether there is such a flag in any environment.
  boolean exists(String key) {
    var layers = new Layers(before, platform);
    return layers.environments().stream()
        .anyMatch(environment -> layers.in(environment, null).keys().contains(key));
  }

  /// Fails where the document could not be kept there.
  void require(Item item, FlagDocument document) {
    var after = new ArrayList<>(before);
    after.removeIf(flag -> flag.item().equals(item));
    if (!document.isNone()) {
      after.add(new StoredFlag(item, document, 0, Instant.EPOCH, Instant.EPOCH));
    }
    FlagLimits.requireRoom(after);
    var layers = new Layers(after, platform);
    if (!item.key().equals(StoredFlag.EVALUATORS)) {
      FlagLimits.requireSize(document, DEFINITION);
      requireSound(item, document, layers.in(item.environment(), null).evaluators());
    } else {
      FlagLimits.requireSize(document, "flag_evaluators.evaluators");
    }
    var old = new Layers(before, platform);
    for (var environment : layers.environments()) {
      var now = old.in(environment, null);
      requireNoNewFaults(now, layers.in(environment, now));
    }
  }

  private static void requireSound(
      Item item, FlagDocument document, Map<String, Object> evaluators) {
    if (!document.isDefined()) {
      return;
    }
    try {
      var flag = Flag.of(item.key(), document.definition(), evaluators);
      if (!document.offVariant().isEmpty() && !flag.variants().containsKey(document.offVariant())) {
        throw Problem.invalid("flag.off_variant", "is none of the variants");
      }
    } catch (InvalidFlag invalid) {
      throw new Problem.Invalid(
              invalid.problems().stream()
                  .map(each -> new Violation(DEFINITION, each.path() + ": " + each.message()))
                  .toList())
          .raise();
    }
    var keys = document.prerequisites().stream().map(Prerequisite::key).toList();
    if (keys.stream().distinct().count() < keys.size()) {
      throw Problem.invalid("flag.prerequisites", "names a flag twice");
    }
  }

  /// What was wrong before is not this change's fault.
  private static void requireNoNewFaults(FlagSet old, FlagSet now) {
    var faults = now.faults();
    faults.entrySet().removeAll(old.faults().entrySet());
    var circles =
        faults.entrySet().stream()
            .filter(fault -> fault.getValue() == ErrorCode.GENERAL)
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!circles.isEmpty()) {
      var keys = circles.stream().limit(20).collect(Collectors.joining(","));
      throw new Problem.Refused(
              "PREREQUISITE_CYCLE",
              "flags would need each other in a circle, or too deeply: " + keys,
              Map.of("keys", keys))
          .raise();
    }
    if (!faults.isEmpty()) {
      throw Problem.invalid(
          "flag_evaluators.evaluators",
          "these flags could not be read any more: "
              + faults.keySet().stream().limit(20).collect(Collectors.joining(", ")));
    }
  }
}
