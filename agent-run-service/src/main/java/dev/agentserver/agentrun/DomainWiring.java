package dev.agentserver.agentrun;

import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.util.List;

/// The service's own objects, without the process around them.
record DomainWiring(List<BindableService> services) implements AutoCloseable {
  static DomainWiring open(KitRuntime kit, Config config) {
    return new DomainWiring(List.of());
  }

  @Override
  public void close() {}
}
