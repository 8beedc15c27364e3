package dev.agentserver.settings.flag.eval;

import dev.agentserver.settings.flag.rule.Flag;
import dev.agentserver.settings.flag.rule.Reason;
import dev.agentserver.settings.flag.rule.Resolution;
import dev.agentserver.settings.flag.store.Prerequisite;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The evaluation of one flag, or of several, over one context. Flags that others need are
/// evaluated once.
final class Evaluation {
  private final FlagSet flags;
  private final Map<String, Object> context;
  private final Instant now;
  private final Map<String, Resolution> known = new HashMap<>();

  Evaluation(FlagSet flags, Map<String, Object> context, Instant now) {
    this.flags = flags;
    this.context = context;
    this.now = now;
  }

  /// A flag that is switched off or cannot be read says so, whatever it needs.
  Resolution of(ServedFlag flag) {
    if (flag.document().killed()) {
      var metadata = flag.rule() == null ? Map.<String, Object>of() : flag.rule().metadata();
      return ServedFlag.without(Reason.DISABLED, metadata);
    }
    if (flag.fault() != null || flag.rule() == null) {
      return flag.fault();
    }
    if (flag.document().prerequisites().isEmpty()) {
      return flag.rule().evaluate(context, now);
    }
    var before = known.get(flag.key());
    return before == null ? remember(flag, flag.rule()) : before;
  }

  private Resolution remember(ServedFlag flag, Flag rule) {
    var resolution = !rule.enabled() || unmet(flag) == null ? met(rule) : flag.off(rule);
    known.put(flag.key(), resolution);
    return resolution;
  }

  /// STATIC tells clients that they may keep the value, whatever the context. What others decide
  /// is not so.
  private Resolution met(Flag rule) {
    var own = rule.evaluate(context, now);
    return own.reason() == Reason.STATIC
        ? new Resolution(
            Reason.TARGETING_MATCH,
            own.variant(),
            own.value(),
            own.hasValue(),
            own.error(),
            own.message(),
            own.metadata())
        : own;
  }

  /// The first prerequisite that is not met; null: all are. Flags in a circle are faults, so this
  /// ends.
  @Nullable Prerequisite unmet(ServedFlag flag) {
    for (var needed : flag.document().prerequisites()) {
      var other = flags.find(needed.key());
      if (other == null || !of(other).variant().filter(needed.variant()::equals).isPresent()) {
        return needed;
      }
    }
    return null;
  }
}
