package dev.agentserver.agentrun.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How an agent works: what a version holds.
///
/// @param temperature null: whoever runs the agent chooses
/// @param maxTokens likewise
/// @param settings names to JSON texts
public record AgentConfig(
    String model,
    String provider,
    String instructions,
    @Nullable Double temperature,
    @Nullable Integer maxTokens,
    Map<String, String> settings,
    List<AgentStep> steps,
    List<AgentTool> tools,
    List<AgentIntegration> integrations) {

  /// What happens when the agent calls a tool.
  public enum Permission {
    ALLOW,
    ASK,
    DENY
  }

  /// Something that the agent does.
  ///
  /// @param config a JSON object
  public record AgentStep(String name, String instructions, String config) {}

  /// A tool that the agent may call.
  ///
  /// @param integrationId the integration that the tool belongs to; null: none
  /// @param customConfig a JSON object
  public record AgentTool(
      UUID toolId,
      @Nullable UUID integrationId,
      boolean enabled,
      Permission permission,
      String customConfig) {
    AgentTool of(@Nullable UUID integration) {
      return new AgentTool(toolId, integration, enabled, permission, customConfig);
    }
  }

  /// An integration that the agent works with.
  ///
  /// @param settings a JSON object
  public record AgentIntegration(
      UUID integrationId, boolean enabled, boolean required, String settings) {}

  /// The same, with the integration that each tool belongs to.
  public AgentConfig withOwners(Function<UUID, @Nullable UUID> integration) {
    var owned = tools.stream().map(tool -> tool.of(integration.apply(tool.toolId()))).toList();
    return new AgentConfig(
        model,
        provider,
        instructions,
        temperature,
        maxTokens,
        settings,
        steps,
        owned,
        integrations);
  }

  /// The same, with these steps where it has none.
  AgentConfig withStepsFrom(List<AgentStep> others) {
    return new AgentConfig(
        model,
        provider,
        instructions,
        temperature,
        maxTokens,
        settings,
        steps.isEmpty() ? others : steps,
        tools,
        integrations);
  }

  /// The same, with these integrations too, which it requires.
  public AgentConfig requiring(Iterable<UUID> ids) {
    var all = new ArrayList<>(integrations);
    for (var id : ids) {
      if (all.stream().noneMatch(each -> each.integrationId().equals(id))) {
        all.add(new AgentIntegration(id, true, true, "{}"));
      }
    }
    return new AgentConfig(
        model,
        provider,
        instructions,
        temperature,
        maxTokens,
        settings,
        steps,
        tools,
        List.copyOf(all));
  }

  /// The same, with the installation's defaults where it says nothing.
  AgentConfig orElse(AgentSettings defaults) {
    return new AgentConfig(
        model.isEmpty() ? defaults.model().get() : model,
        provider.isEmpty() && model.isEmpty() ? defaults.provider().get() : provider,
        instructions,
        temperature == null ? defaults.temperature().get().orElse(null) : temperature,
        maxTokens == null ? defaults.tokens() : maxTokens,
        settings,
        steps,
        tools,
        integrations);
  }
}
