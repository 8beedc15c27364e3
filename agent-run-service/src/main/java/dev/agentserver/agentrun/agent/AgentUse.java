package dev.agentserver.agentrun.agent;

import dev.agentserver.agentrun.agent.Agent.State;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What runs need of agents, in their own transactions.
public final class AgentUse {
  private final AgentStore store = new AgentStore();
  private final VersionStore versions = new VersionStore();

  /// Pins an agent for a run that the caller asks for: the version, which must be one of an agent
  /// that the caller may use. It cannot go away any more once a run refers to it.
  ///
  /// Fails with NotFound, and with AGENT_INACTIVE when the agent takes no new runs.
  ///
  /// @param version null: the current one
  public PinnedAgent pin(DSLContext db, Caller caller, UUID agentId, @Nullable Integer version) {
    var agent =
        store
            .find(db, caller, Access.READ, agentId)
            .orElseThrow(() -> new Problem.NotFound(Agents.RESOURCE, agentId.toString()).raise());
    if (agent.attributes().state() != State.ACTIVE) {
      throw new Problem.Refused(
              "AGENT_INACTIVE", "the agent takes no new runs", Map.of("id", agentId.toString()))
          .raise();
    }
    return version == null || version == agent.currentVersion()
        ? new PinnedAgent(
            agentId, agent.currentVersion(), agent.attributes().name(), agent.config())
        : pinned(db, tenant(caller), agentId, version);
  }

  /// The version that a run has pinned, also of a deleted agent: who asks has the run.
  public PinnedAgent pinned(DSLContext db, UUID tenantId, UUID agentId, int version) {
    return versions
        .pinned(db, tenantId, agentId, version)
        .orElseThrow(
            () -> new Problem.NotFound(Agents.VERSION, agentId + "/versions/" + version).raise());
  }

  /// Counts a run that a user has asked for.
  public void count(DSLContext db, UUID tenantId, UUID userId, UUID agentId) {
    store.use(db, tenantId, userId, agentId);
  }

  private static UUID tenant(Caller caller) {
    var tenant = caller.tenantId();
    if (tenant == null) {
      throw new Problem.Denied("agent:read").raise();
    }
    return tenant;
  }
}
