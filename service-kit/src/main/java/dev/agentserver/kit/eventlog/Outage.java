package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.db.DatabaseFaults;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long something has failed without a success in between. A database that is restarted is
/// waited for; one that stays away is reported.
final class Outage {
  private @Nullable RuntimeException failure;
  private long since;

  synchronized void failed(RuntimeException failure) {
    if (this.failure == null) {
      since = System.nanoTime();
    }
    this.failure = failure;
  }

  synchronized void over() {
    failure = null;
  }

  synchronized boolean lasts() {
    return failure != null;
  }

  /// Throws the failure if it has lasted for longer than this.
  synchronized void check(Duration patience) {
    if (failure == null || System.nanoTime() - since < patience.toNanos()) {
      return;
    }
    throw DatabaseFaults.problem(failure)
        .map(Problem::raise)
        .map(RuntimeException.class::cast)
        .orElse(failure);
  }
}
