package dev.agentserver.kit.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// A port that nothing listens on, for whom others know before it listens, or who listens there
/// again: outside the range that the system hands out to clients, so that it is still free a moment
/// later. `./run` and its PostgreSQL take theirs from other ranges, and no port is found twice.
public final class FreePort {
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 15_000;
  private static final int ATTEMPTS = 100;
  private static final Set<Integer> FOUND = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  public static int find() {
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      var port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (FOUND.add(port)) {
          return port;
        }
      } catch (IOException _) {
        // Taken: another one will do.
      }
    }
    throw new IllegalStateException("no port is free");
  }
}
