package dev.agentserver.settings.flag.eval;

import dev.agentserver.settings.flag.rule.ErrorCode;
import dev.agentserver.settings.flag.rule.Resolution;
import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.Prerequisite;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The flags of a tenant as they count in one environment, at one moment. It never changes.
public final class FlagSet {
  private final Map<String, ServedFlag> flags;
  private final Map<String, Object> evaluators;

  private FlagSet(Map<String, ServedFlag> flags, Map<String, Object> evaluators) {
    this.flags = flags;
    this.evaluators = evaluators;
  }

  /// @param documents key to what counts, the kill switch too
  /// @param evaluators the rules they share
  /// @param before the flags before this; those that are the same are taken over
  static FlagSet of(
      Map<String, FlagDocument> documents,
      Map<String, Object> evaluators,
      @Nullable FlagSet before) {
    var same = before != null && before.evaluators.equals(evaluators);
    var flags = new TreeMap<String, ServedFlag>();
    documents.forEach(
        (key, document) -> {
          var old = same ? before.flags.get(key) : null;
          flags.put(
              key,
              old != null && old.document().equals(document)
                  ? old
                  : ServedFlag.of(key, document, evaluators));
        });
    var circles = Prerequisites.circles(prerequisites(documents));
    circles.forEach(key -> flags.computeIfPresent(key, (_, flag) -> flag.inCircle()));
    return new FlagSet(flags, evaluators);
  }

  private static Map<String, List<String>> prerequisites(Map<String, FlagDocument> documents) {
    var needed = new LinkedHashMap<String, List<String>>();
    documents.forEach(
        (key, document) ->
            needed.put(key, document.prerequisites().stream().map(Prerequisite::key).toList()));
    return needed;
  }

  @Nullable ServedFlag find(String key) {
    return flags.get(key);
  }

  /// The rules they share.
  public Map<String, Object> evaluators() {
    return evaluators;
  }

  /// The flags that cannot be evaluated: GENERAL where flags need each other in a circle.
  public Map<String, ErrorCode> faults() {
    var faults = new TreeMap<String, ErrorCode>();
    flags.forEach(
        (key, flag) -> {
          if (flag.fault() != null) {
            flag.fault().error().ifPresent(code -> faults.put(key, code));
          }
        });
    return faults;
  }

  /// In their order.
  public Set<String> keys() {
    return flags.keySet();
  }

  /// The flag for this context. One that is not there is a fault: FLAG_NOT_FOUND.
  public Resolution evaluate(String key, Map<String, Object> context, Instant now) {
    var flag = flags.get(key);
    return flag == null
        ? ServedFlag.fault(ErrorCode.FLAG_NOT_FOUND, "there is no flag " + key)
        : new Evaluation(this, context, now).of(flag);
  }

  /// Every flag for this context, in the order of keys.
  public Map<String, Resolution> evaluate(Map<String, Object> context, Instant now) {
    var evaluation = new Evaluation(this, context, now);
    var all = new LinkedHashMap<String, Resolution>();
    flags.forEach((key, flag) -> all.put(key, evaluation.of(flag)));
    return all;
  }

  /// The first prerequisite of a flag that is not met for this context.
  public Optional<Prerequisite> unmet(String key, Map<String, Object> context, Instant now) {
    return Optional.ofNullable(flags.get(key))
        .map(flag -> new Evaluation(this, context, now).unmet(flag));
  }

  /// The flags that may resolve otherwise here than there: those that changed, those whose shared
  /// rules did, and whoever needs one of them.
  public Set<String> changes(FlagSet before) {
    var changed = new TreeSet<String>();
    var shared = !evaluators.equals(before.evaluators);
    flags.forEach(
        (key, flag) -> {
          var old = before.flags.get(key);
          if (old == null
              || !old.document().equals(flag.document())
              || (shared && flag.document().definition().containsKey("targeting"))) {
            changed.add(key);
          }
        });
    before.flags.keySet().stream().filter(key -> !flags.containsKey(key)).forEach(changed::add);
    while (changed.addAll(dependants(changed))) {
      // Until nobody needs any of them.
    }
    return changed;
  }

  private Set<String> dependants(Set<String> changed) {
    var found = new TreeSet<String>();
    flags.forEach(
        (key, flag) -> {
          if (flag.document().prerequisites().stream()
              .anyMatch(needed -> changed.contains(needed.key()))) {
            found.add(key);
          }
        });
    return found;
  }
}
