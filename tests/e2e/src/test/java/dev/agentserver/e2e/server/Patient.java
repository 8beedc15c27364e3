package dev.agentserver.e2e.server;

import dev.agentserver.e2e.client.Await;
import java.nio.file.Path;
import java.time.Duration;

/// A server that is killed again and again, and comes back on the same port and data.
public final class Patient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path data;
  private final int port = FreePort.find();
  private Server server;

  public Patient(Path data) {
    this.data = data;
    this.server = Server.start(data, port);
  }

  public Server server() {
    return server;
  }

  public void die(Death death) {
    switch (death) {
      case PROCESS -> restart();
      case POSTGRES -> killPostgres();
      case BOTH -> {
        killPostgres();
        restart();
      }
    }
  }

  private void killPostgres() {
    var postgres = server.postgres();
    postgres.destroyForcibly();
    Await.until("PostgreSQL is dead", LIMIT, () -> !postgres.isAlive());
  }

  private void restart() {
    server.kill();
    server = Server.start(data, port);
  }

  @Override
  public void close() {
    server.close();
  }
}
