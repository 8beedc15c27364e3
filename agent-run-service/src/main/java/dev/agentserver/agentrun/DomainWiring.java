package dev.agentserver.agentrun;

import dev.agentserver.agentrun.event.EventWiring;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Clock;
import java.util.List;

/// The service's own objects, without the process around them.
record DomainWiring(List<BindableService> services, EventWiring events) implements AutoCloseable {
  static DomainWiring open(
      KitRuntime kit, Config config, Revocations revocations, Metrics metrics, Clock clock) {
    var live = config.live();
    var events =
        new EventWiring(
            Config.NAME,
            kit,
            config.events(),
            metrics,
            revocations,
            clock,
            config.server(),
            live.eventPages(),
            live::eventRetention);
    return new DomainWiring(List.of(events.service()), events);
  }

  /// Ends the watches.
  @Override
  public void close() {
    events.close();
  }
}
