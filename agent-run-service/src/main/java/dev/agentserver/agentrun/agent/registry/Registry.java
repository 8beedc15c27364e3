package dev.agentserver.agentrun.agent.registry;

import dev.agentserver.agentrun.agent.AgentConfig;
import dev.agentserver.agentrun.agent.AgentConfig.AgentIntegration;
import dev.agentserver.agentrun.agent.AgentConfig.AgentTool;
import dev.agentserver.agentrun.agent.TokenLimit;
import dev.agentserver.agentrun.agent.registry.RegistryPeer.Integration;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Checks what agents refer to: their tools must be there, and the integrations they require must
/// be in use. It asks another service, so never within a transaction.
public final class Registry {
  private final RegistryPeer peer;

  public Registry(RegistryPeer peer) {
    this.peer = peer;
  }

  /// The config with the integration that each tool belongs to, and with the required ones that it
  /// has by name only.
  ///
  /// @param required names of integrations
  public AgentConfig resolve(AgentConfig config, List<String> required) {
    var tools =
        config.tools().isEmpty()
            ? Map.<UUID, UUID>of()
            : peer.tools(config.tools().stream().map(AgentTool::toolId).toList());
    var ids = config.integrations().stream().map(AgentIntegration::integrationId).toList();
    var integrations =
        ids.isEmpty() && required.isEmpty()
            ? List.<Integration>of()
            : peer.integrations(ids, required);
    var byId = integrations.stream().collect(Collectors.toMap(Integration::id, each -> each));
    var byName =
        integrations.stream()
            .collect(Collectors.toMap(Integration::name, Function.identity(), (one, _) -> one));
    exist(config, tools, byId);
    connected(config, required, byId, byName);
    return config
        .withOwners(tools::get)
        .requiring(required.stream().map(name -> byName.get(name).id()).toList());
  }

  /// How long an answer of its model may be, where the tenant's models say so.
  public TokenLimit tokenLimit(AgentConfig config) {
    var most =
        config.provider().isEmpty() || config.model().isEmpty()
            ? 0
            : peer.maxOutputTokens(config.provider(), config.model());
    return most == 0 ? TokenLimit.NONE : new TokenLimit(() -> most);
  }

  private static void exist(
      AgentConfig config, Map<UUID, ?> tools, Map<UUID, Integration> integrations) {
    var violations = new ArrayList<Violation>();
    for (var i = 0; i < config.tools().size(); i++) {
      if (!tools.containsKey(config.tools().get(i).toolId())) {
        violations.add(
            new Violation("agent.config.tools[" + i + "].tool_id", "is not a tool of the tenant"));
      }
    }
    for (var i = 0; i < config.integrations().size(); i++) {
      var integration = config.integrations().get(i);
      if (!integration.required() && !integrations.containsKey(integration.integrationId())) {
        violations.add(
            new Violation(
                "agent.config.integrations[" + i + "].integration_id",
                "is not an integration of the tenant"));
      }
    }
    if (!violations.isEmpty()) {
      throw new Problem.Invalid(violations).raise();
    }
  }

  private static void connected(
      AgentConfig config,
      List<String> required,
      Map<UUID, Integration> byId,
      Map<String, Integration> byName) {
    var missing = new ArrayList<String>();
    for (var integration : config.integrations()) {
      var found = byId.get(integration.integrationId());
      if (integration.required() && (found == null || !found.active())) {
        missing.add(integration.integrationId().toString());
      }
    }
    for (var name : required) {
      var found = byName.get(name);
      if (found == null || !found.active()) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new Problem.Refused(
              "INTEGRATION_NOT_CONNECTED",
              "integrations that the agent requires are not connected: "
                  + String.join(", ", missing),
              Map.of("integrations", String.join(",", missing)))
          .raise();
    }
  }
}
