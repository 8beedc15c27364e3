package dev.agentserver.kit.grpc;

import dev.agentserver.kit.cancel.Cancellation;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The server streams that are open. They have no end of their own, so a server that drains ends
/// them; their clients resume elsewhere from the token of the last event. Everything else is left
/// to finish.
final class Drain {
  private static final Problem DRAINING = new Problem.Unavailable("server", Duration.ofMillis(100));

  private final Set<Cancellation> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  void add(Cancellation stream) {
    streams.add(stream);
    if (begun) {
      stream.stop(DRAINING);
    }
  }

  void remove(Cancellation stream) {
    streams.remove(stream);
  }

  void begin() {
    begun = true;
    streams.forEach(stream -> stream.stop(DRAINING));
  }
}
