package dev.agentserver.settings;

import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.settings.configuration.Platform;
import dev.agentserver.settings.integration.IntegrationRpc;
import dev.agentserver.settings.integration.Integrations;
import dev.agentserver.settings.model.Catalogues;
import dev.agentserver.settings.model.ModelRpc;
import dev.agentserver.settings.model.Models;
import dev.agentserver.settings.model.ProviderRpc;
import dev.agentserver.settings.model.Providers;
import dev.agentserver.settings.outbound.OutboundConfig;
import dev.agentserver.settings.outbound.Probe;
import dev.agentserver.settings.outbound.Resolver;
import dev.agentserver.settings.registry.Changes;
import dev.agentserver.settings.registry.RegistryFollower;
import dev.agentserver.settings.run.RunGrants;
import dev.agentserver.settings.tool.ToolRpc;
import dev.agentserver.settings.tool.Tools;
import io.grpc.BindableService;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/// The objects behind providers, models, integrations and tools.
record RegistryWiring(List<BindableService> services, Models models, RegistryFollower follower)
    implements AutoCloseable {
  /// @param bells by which processes tell each other of changes
  /// @param runs what runs may see of it
  static RegistryWiring open(KitRuntime kit, OutboundConfig outbound, Bells bells, RunGrants runs) {
    var database = kit.database();
    var writes = kit.writes();
    var audit = kit.audit();
    var ids = kit.ids();
    var catalogues = new Catalogues(database, new Platform(database));
    var toolboxes = Tools.snapshots(database);
    var changes = new Changes(bells, List.of(catalogues.snapshots(), toolboxes));
    var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var probe = new Probe(outbound, Resolver.SYSTEM, tls);
    var models = new Models(writes, audit, ids, changes, catalogues);
    var integrations = new Integrations(database, writes, audit, ids, changes, probe);
    var tools = new Tools(database, writes, audit, ids, changes, toolboxes, runs);
    return new RegistryWiring(
        List.of(
            new ProviderRpc(new Providers(writes, audit, ids, changes, catalogues)),
            new ModelRpc(models),
            new IntegrationRpc(integrations, tools),
            new ToolRpc(tools)),
        models,
        RegistryFollower.start(changes));
  }

  @Override
  public void close() {
    follower.close();
  }
}
