package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.config.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The way to a database, which a test can cut: open connections break and new ones are refused, as
/// when the server was killed.
final class CutOff implements AutoCloseable {
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ServerSocket door;
  private final DatabaseConfig config;
  private final int target;
  private volatile boolean cut;

  CutOff(DatabaseConfig config) {
    try {
      this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    this.config = config;
    this.target = URI.create(config.url().substring("jdbc:".length())).getPort();
    Thread.ofVirtual().start(this::accept);
  }

  /// The same database behind this way.
  DatabaseConfig config() {
    return new DatabaseConfig(
        config.url().replace(":" + target + "/", ":" + door.getLocalPort() + "/"),
        config.schema(),
        config.runtimeUser(),
        config.runtimePassword(),
        config.ownerUser(),
        config.ownerPassword(),
        config.poolSize(),
        Duration.ofMillis(250),
        config.statementTimeout());
  }

  void cut() {
    cut = true;
    sockets.forEach(CutOff::close);
  }

  void mend() {
    cut = false;
  }

  private void accept() {
    try {
      while (true) {
        var client = door.accept();
        if (cut) {
          close(client);
          continue;
        }
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.ofVirtual().start(() -> carry(client, server));
        Thread.ofVirtual().start(() -> carry(server, client));
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private void carry(Socket from, Socket to) {
    sockets.add(from);
    try {
      if (cut) {
        return;
      }
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException broken) {
      // That is what it is for.
    } finally {
      close(from);
      close(to);
      sockets.remove(from);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    cut();
  }
}
