package dev.agentserver.agentrun;

import dev.agentserver.agentrun.agent.AgentWiring;
import dev.agentserver.agentrun.event.EventWiring;
import dev.agentserver.agentrun.run.RunLimits;
import dev.agentserver.agentrun.run.RunWiring;
import dev.agentserver.agentrun.run.TokenPeerRpc;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The service's own objects, without the process around them.
record DomainWiring(List<BindableService> services, EventWiring events, RunWiring runs)
    implements AutoCloseable {
  /// @param settings settings-service, with the token of whoever is served
  /// @param background the same for background work; empty: there is no credential
  static DomainWiring open(
      KitRuntime kit,
      Config config,
      Channel settings,
      Optional<ServicePeer> background,
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
    var runs =
        new RunWiring(
            kit,
            new TokenPeerRpc(background),
            events.runs(),
            live.pages(),
            RunLimits.defaults(),
            () -> Duration.ZERO);
    var services = new ArrayList<>(runs.services());
    services.add(events.service());
    services.addAll(new AgentWiring(kit, settings, live.agents(), live.pages()).services());
    return new DomainWiring(services, events, runs);
  }

  /// Ends the watches, and what waits for runs.
  @Override
  public void close() {
    runs.close();
    events.close();
  }
}
