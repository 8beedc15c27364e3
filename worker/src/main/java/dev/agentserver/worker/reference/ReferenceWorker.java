package dev.agentserver.worker.reference;

import dev.agentserver.worker.Worker;
import dev.agentserver.worker.reference.model.ModelAnswer;
import io.grpc.ManagedChannel;
import java.util.Map;
import java.util.Optional;

/// The worker with all that it needs, from its start to its end.
public final class ReferenceWorker implements AutoCloseable {
  private final ManagedChannel channel;
  private final Worker worker;

  private ReferenceWorker(Config config, boolean alone) {
    channel = config.channel();
    var model = config.model().map(endpoint -> new ModelAnswer(endpoint, Tools::call));
    var slow = new Slow(alone ? config.effects() : Optional.empty(), alone);
    worker =
        Worker.builder(channel, config.key(), new ReferenceHandler(slow, model))
            .queues(config.queues())
            .labels(Map.of("name", config.name()))
            .concurrency(config.concurrency())
            .heartbeat(config.heartbeat())
            .start();
  }

  /// In a process that others live in too: no run can end it.
  ///
  /// @param variables as the process of its own has them in its environment
  public static ReferenceWorker start(Map<String, String> variables) {
    return new ReferenceWorker(Config.from(variables), false);
  }

  /// In a process of its own.
  static ReferenceWorker alone(Config config) {
    return new ReferenceWorker(config, true);
  }

  @Override
  public void close() {
    worker.close();
    channel.shutdownNow();
  }
}
