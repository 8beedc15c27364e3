package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.agent.AgentConfig.AgentTool;
import dev.agentserver.agentrun.agent.PinnedAgent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The right to work on a run: its newest lease, and everything that the work needs.
///
/// @param agent what the run keeps to; null: it has none
/// @param tools those of the agent that are there
record Lease(
    Run run,
    Tokens.Token token,
    @Nullable PinnedAgent agent,
    List<Tools.Tool> tools,
    Surroundings surroundings) {
  /// What lies around a run.
  ///
  /// @param session null: the run is part of none
  /// @param externalSessionId an agent SDK's own session in a run before; null: none
  record Surroundings(@Nullable Session session, @Nullable String externalSessionId) {}

  /// The session of a run.
  ///
  /// @param phase null: it has none
  record Session(
      String type, @Nullable String phase, @Nullable String workingDir, @Nullable String branch) {}

  /// What the agent says of its tools, where it enables them.
  static List<AgentTool> enabled(@Nullable PinnedAgent agent) {
    return agent == null
        ? List.of()
        : agent.config().tools().stream().filter(AgentTool::enabled).toList();
  }

  /// The enabled tools that are not among the tools.
  List<UUID> omitted() {
    var there = tools.stream().map(Tools.Tool::id).toList();
    return enabled(agent).stream()
        .map(AgentTool::toolId)
        .filter(id -> !there.contains(id))
        .toList();
  }
}
