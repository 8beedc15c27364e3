package dev.agentserver.kit.audit;

import dev.agentserver.kit.audit.AuditStore.RefusalKey;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/// Refusals without a caller, counted in memory until they are written: a stranger who knocks all
/// day must cost neither a statement each time nor memory without end.
final class RefusalCounts {
  private static final int MAX_KEYS = 10_000;
  private static final String OTHERS = "others";

  private final Clock clock;
  private Map<RefusalKey, Long> counts = new HashMap<>();

  RefusalCounts(Clock clock) {
    this.clock = clock;
  }

  synchronized void add(String reason, String address) {
    add(new RefusalKey(clock.instant().truncatedTo(ChronoUnit.MINUTES), reason, address), 1);
  }

  /// What was counted since the last time.
  synchronized Map<RefusalKey, Long> take() {
    var taken = counts;
    counts = new HashMap<>();
    return taken;
  }

  /// Takes back what could not be written.
  synchronized void restore(Map<RefusalKey, Long> taken) {
    taken.forEach(this::add);
  }

  private void add(RefusalKey key, long count) {
    var known =
        counts.size() < MAX_KEYS || counts.containsKey(key)
            ? key
            : new RefusalKey(key.minute(), key.reason(), OTHERS);
    counts.merge(known, count, Long::sum);
  }
}
