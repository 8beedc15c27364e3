package dev.agentserver.agentrun.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the work goes: which phases it has, and which may follow which.
public enum SessionType {
  FULL(List.of(Phase.SPEC, Phase.PLAN, Phase.BUILD, Phase.DOCS, Phase.DONE)),
  QUICK(List.of(Phase.PLAN, Phase.BUILD, Phase.DOCS, Phase.DONE)),
  RESEARCH(List.of()),
  CHAT(List.of());

  private final List<Phase> phases;

  SessionType(List<Phase> phases) {
    this.phases = phases;
  }

  /// Null for a type without phases.
  public @Nullable Phase first() {
    return phases.isEmpty() ? null : phases.getFirst();
  }

  public boolean has(Phase phase) {
    return phases.contains(phase);
  }

  /// Whether a phase may come after another: the next one; after the build also the end, because
  /// not everything is described.
  public boolean follows(Phase from, Phase to) {
    if (!has(from) || !has(to)) {
      return false;
    }
    return phases.indexOf(to) == phases.indexOf(from) + 1
        || (from == Phase.BUILD && to == Phase.DONE);
  }

  /// Whether it is a step back, to attempt an earlier phase again. From the end there is none.
  public boolean rewinds(Phase from, Phase to) {
    return has(from) && has(to) && from != Phase.DONE && to.compareTo(from) < 0;
  }
}
