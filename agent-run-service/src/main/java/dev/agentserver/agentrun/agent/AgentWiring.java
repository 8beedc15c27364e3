package dev.agentserver.agentrun.agent;

import dev.agentserver.agentrun.agent.registry.Registry;
import dev.agentserver.agentrun.agent.registry.RegistryPeerRpc;
import dev.agentserver.agentrun.agent.template.TemplateRpc;
import dev.agentserver.agentrun.agent.template.Templates;
import dev.agentserver.agentrun.link.FileLinks;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.util.List;

/// The catalogue of agents.
public final class AgentWiring {
  private final List<BindableService> services;
  private final Agents agents;

  /// @param settings settings-service, with the caller's own token
  public AgentWiring(
      KitRuntime kit, Channel settings, AgentSettings live, FileLinks files, PageSizes pages) {
    var database = kit.database();
    var templates = new Templates(database, kit.writes(), kit.audit(), kit.ids());
    var registry = new Registry(new RegistryPeerRpc(settings));
    agents =
        new Agents(
            database, kit.writes(), kit.audit(), kit.ids(), templates, registry, live, files);
    this.services = List.of(new AgentRpc(agents, pages), new TemplateRpc(templates, agents, pages));
  }

  public Agents agents() {
    return agents;
  }

  public List<BindableService> services() {
    return services;
  }
}
