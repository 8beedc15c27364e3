package dev.agentserver.kit.grpc;

import dev.agentserver.kit.cancel.Cancellation;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The work that is going on. When the server drains, streams to clients are ended: they have no
/// end of their own, and their clients resume elsewhere from the token of the last event. So are
/// calls that may wait until something happens, which are sent again elsewhere. Everything else is
/// left to finish, until the server's patience is at its end.
final class Drain {
  private static final Problem DRAINING = new Problem.Unavailable("server", Duration.ofMillis(100));

  private final Set<Cancellation> streams = ConcurrentHashMap.newKeySet();
  private final Set<Cancellation> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  /// @param stream whether the work may be ended as soon as the server drains
  void add(Cancellation work, boolean stream) {
    if (stream) {
      streams.add(work);
      if (begun) {
        work.stop(DRAINING);
      }
    } else {
      calls.add(work);
    }
  }

  void remove(Cancellation work, boolean stream) {
    if (stream) {
      streams.remove(work);
    } else {
      calls.remove(work);
    }
  }

  void begin() {
    begun = true;
    streams.forEach(work -> work.stop(DRAINING));
  }

  /// Stops what is left.
  void cut() {
    calls.forEach(work -> work.stop(DRAINING));
  }
}
