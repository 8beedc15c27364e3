package dev.agentserver.allinone;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.allinone.worker.DevelopmentWorker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the command line says.
///
/// @param port the gateway's port; 0 takes a free one
/// @param data the data directory
/// @param exposed whether services and administration take their default ports instead of free ones
/// @param tenants how many tenants there are at least
/// @param worker who works on runs
/// @param classArchive where to keep the loaded classes for the next start; null when that is done
record Settings(
    int port,
    Path data,
    boolean exposed,
    int tenants,
    DevelopmentWorker worker,
    @Nullable Path classArchive) {
  static final String HOST = "127.0.0.1";
  static final int ADMIN_PORT = 8081;
  static final int CONVERSATION_PORT = 9101;
  static final int SETTINGS_PORT = 9102;
  static final int SETTINGS_HTTP_PORT = 9112;
  static final int FILE_PORT = 9103;
  static final int FILE_HTTP_PORT = 9113;
  static final int AGENT_RUN_PORT = 9104;
  static final int FLAGD_PORT = 8013;
  static final int OBJECTS_PORT = 9000;

  /// The default port when the services are exposed, else 0: a free one.
  String exposedOrFree(int exposedPort) {
    return Integer.toString(exposed ? exposedPort : 0);
  }

  /// Asks for the ports before anything is started, so that a taken one costs no waiting.
  void requirePorts() {
    require(port, "Choose another one with --port.");
    if (exposed) {
      for (var each :
          List.of(
              ADMIN_PORT,
              CONVERSATION_PORT,
              SETTINGS_PORT,
              SETTINGS_HTTP_PORT,
              FILE_PORT,
              FILE_HTTP_PORT,
              AGENT_RUN_PORT,
              FLAGD_PORT,
              OBJECTS_PORT)) {
        require(each, "Free it, or start without --expose.");
      }
    }
  }

  private static void require(int port, String instead) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException taken) {
      throw new StartFailure(
          "Port %d is taken by another process (%s). %s"
              .formatted(port, taken.getMessage(), instead),
          taken);
    }
  }
}
