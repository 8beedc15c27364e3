package dev.agentserver.allinone;

import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// A port for a service that others must know before it starts: below the range that the system
/// hands out to clients, so that it is still free a moment later, and above that of PostgreSQL. No
/// port is found twice.
final class FreePort {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 100;
  private static final Set<Integer> FOUND = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  static int find() {
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
    throw new StartFailure("No port from %d to %d is free.".formatted(LOWEST, HIGHEST));
  }
}
