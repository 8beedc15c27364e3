package dev.agentserver.agentrun;

import dev.agentserver.agentrun.agent.AgentWiring;
import dev.agentserver.agentrun.event.EventWiring;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// The service's own objects, without the process around them.
record DomainWiring(List<BindableService> services, EventWiring events) implements AutoCloseable {
  /// @param settings settings-service, with the token of whoever is served
  static DomainWiring open(
      KitRuntime kit,
      Config config,
      Channel settings,
      Revocations revocations,
      Metrics metrics,
      Clock clock) {
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
    var services = new ArrayList<BindableService>();
    services.add(events.service());
    services.addAll(new AgentWiring(kit, settings, live.agents(), live.pages()).services());
    return new DomainWiring(services, events);
  }

  /// Ends the watches.
  @Override
  public void close() {
    events.close();
  }
}
