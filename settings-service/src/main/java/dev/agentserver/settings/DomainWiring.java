package dev.agentserver.settings;

import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Clock;
import java.util.List;

/// The service's own objects, without the process around them.
record DomainWiring(List<BindableService> services) implements AutoCloseable {
  static DomainWiring open(KitRuntime kit, Config config, Metrics metrics, Clock clock) {
    return new DomainWiring(List.of());
  }

  @Override
  public void close() {
    // Nothing runs in the background yet.
  }
}
