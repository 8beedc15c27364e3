package dev.agentserver.allinone.postgres;

import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Finds a port that nobody listens on. It stays below 32768, where Linux begins to hand out ports
/// to outgoing connections: one of those could hold the port at the very moment PostgreSQL must
/// take it again. The services' own ports are found above.
final class FreePort {
  private static final int FIRST = 15_000;
  private static final int END = 20_000;
  private static final int ATTEMPTS = 200;

  private FreePort() {}

  static int find() {
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      var port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (free(port)) {
        return port;
      }
    }
    throw new StartFailure(
        "No free port was found for PostgreSQL between %d and %d.".formatted(FIRST, END - 1));
  }

  static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
