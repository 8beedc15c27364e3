package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.flag.eval.Snapshots;
import dev.agentserver.settings.flag.rule.Resolution;
import dev.agentserver.settings.flag.store.Prerequisite;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/// Evaluates flags for whoever wants to see what they do.
public final class Trial {
  private final Snapshots snapshots;
  private final String environment;
  private final Clock clock;

  /// What a flag resolved to, and the first prerequisite that is not met.
  record Outcome(Resolution resolution, Optional<Prerequisite> unmet) {}

  /// @param environment that of the process
  public Trial(Snapshots snapshots, String environment, Clock clock) {
    this.snapshots = snapshots;
    this.environment = environment;
    this.clock = clock;
  }

  /// @param asked the environment; empty: that of the process
  Outcome evaluate(Caller caller, String asked, String key, Map<String, Object> context) {
    var flags = snapshots.of(caller.tenantId(), asked.isEmpty() ? environment : asked);
    var now = clock.instant();
    return new Outcome(flags.evaluate(key, context, now), flags.unmet(key, context, now));
  }
}
