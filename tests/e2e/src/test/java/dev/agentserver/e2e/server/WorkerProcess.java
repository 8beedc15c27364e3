package dev.agentserver.e2e.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A reference worker in a process of its own, which can be killed and stopped where it is.
public final class WorkerProcess implements AutoCloseable {
  private static final String MAIN = "dev.agentserver.worker.reference.Main";

  private final Part part;
  private final String name;

  private WorkerProcess(Part part, String name) {
    this.part = part;
    this.name = name;
  }

  /// @param name what it calls itself in its leases
  /// @param effects where the steps that it does leave a trace
  public static WorkerProcess start(Server server, String name, String queue, Path effects) {
    return start(server, name, queue, Map.of("EFFECTS", effects.toString()));
  }

  /// @param more variables of its environment
  public static WorkerProcess start(
      Server server, String name, String queue, Map<String, String> more) {
    var variables = new HashMap<>(more);
    variables.put("URL", server.url().toString());
    variables.put("API_KEY", server.key(1));
    variables.put("NAME", name);
    variables.put("QUEUES", queue);
    variables.put("CONCURRENCY", "3");
    variables.put("HEARTBEAT", "PT1S");
    return new WorkerProcess(
        Part.start("worker", CommandLine.quick(MAIN), Map.copyOf(variables)), name);
  }

  /// A worker that is not ours.
  ///
  /// @param command its program and arguments
  /// @param more variables of its environment
  public static WorkerProcess of(
      Server server, String name, List<String> command, Map<String, String> more) {
    var variables = new HashMap<>(more);
    variables.put("API_KEY", server.key(1));
    return new WorkerProcess(Part.start(name, command, Map.copyOf(variables)), name);
  }

  public String name() {
    return name;
  }

  /// kill -9.
  public void kill() {
    part.kill();
  }

  /// SIGSTOP, until it is closed.
  public Frozen freeze() {
    return Frozen.of(part.process());
  }

  @Override
  public void close() {
    part.close();
  }
}
