package dev.agentserver.e2e.server;

import dev.agentserver.e2e.client.Await;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A part that is killed and started again: it keeps its ports.
public final class Service implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final int OK = 200;

  private final String mainClass;
  private final String heap;
  private final Map<String, String> environment;
  private final int port = FreePort.find();
  private Part part;

  /// @param variables of the environment, beside the ports
  public Service(String mainClass, Map<String, String> variables) {
    this(mainClass, CommandLine.SMALL, variables);
  }

  /// @param heap the most memory of its heap, as `-Xmx` has it
  /// @param variables of the environment, beside the ports
  public Service(String mainClass, String heap, Map<String, String> variables) {
    this.mainClass = mainClass;
    this.heap = heap;
    this.environment = new HashMap<>(variables);
    environment.put("PORT", Integer.toString(port));
    environment.put("ADMIN_PORT", Integer.toString(FreePort.find()));
  }

  /// One variable more for its next start.
  void tell(String variable, String value) {
    environment.put(variable, value);
  }

  /// Starts it. It may not be ready yet.
  public void start() {
    part = Part.start(mainClass, CommandLine.sized(mainClass, heap), environment);
  }

  /// Waits until it says that it can do its work.
  public void awaitReady() {
    Await.until(mainClass + " is ready", START, () -> part.admin("/readyz") == OK);
  }

  /// Waits until it listens, whether those that it asks are there or not.
  public void awaitListening() {
    Await.until(mainClass + " listens", START, () -> FreePort.isTaken(port));
  }

  /// Where it answers.
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public ProcessHandle process() {
    return part.process();
  }

  String target() {
    return "static:127.0.0.1:" + port;
  }

  /// kill -9.
  public void kill() {
    part.kill();
  }

  @Override
  public void close() {
    if (part != null) {
      part.kill();
    }
  }
}
