package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.AGENT_INTEGRATION;
import static dev.agentserver.agentrun.db.Tables.AGENT_TOOL;
import static dev.agentserver.agentrun.db.Tables.AGENT_VERSION;

import dev.agentserver.agentrun.agent.AgentUse;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.DSLContext;

/// The agents that runs refer to, as they lie beside them.
final class CatalogueStore implements Catalogue {
  /// A setting's JSON text that names a queue.
  private static final Pattern QUEUE = Pattern.compile("\"([\\w.-]{1,128})\"");

  private final AgentUse agents = new AgentUse();

  @Override
  public Pinned pin(DSLContext db, Caller caller, UUID agentId) {
    var pinned = agents.pin(db, caller, agentId, null);
    agents.count(db, caller.tenantId(), caller.principalId(), agentId);
    var queue = QUEUE.matcher(pinned.config().settings().getOrDefault("queue", ""));
    return new Pinned(
        pinned.version(), pinned.config().maxTokens(), queue.matches() ? queue.group(1) : null);
  }

  @Override
  public Optional<Permission> permission(
      DSLContext db, UUID tenantId, UUID agentId, int version, UUID toolId) {
    return db.select(AGENT_TOOL.PERMISSION)
        .from(AGENT_TOOL)
        .where(AGENT_TOOL.TENANT_ID.eq(tenantId))
        .and(AGENT_TOOL.AGENT_ID.eq(agentId))
        .and(AGENT_TOOL.VERSION.eq(version))
        .and(AGENT_TOOL.TOOL_ID.eq(toolId))
        .and(AGENT_TOOL.IS_ENABLED)
        .fetchOptional(row -> Permission.valueOf(row.value1()));
  }

  @Override
  public List<String> providers(DSLContext db, UUID tenantId, UUID agentId, int version) {
    return db.select(AGENT_VERSION.PROVIDER)
        .from(AGENT_VERSION)
        .where(AGENT_VERSION.TENANT_ID.eq(tenantId))
        .and(AGENT_VERSION.AGENT_ID.eq(agentId))
        .and(AGENT_VERSION.VERSION.eq(version))
        .and(AGENT_VERSION.PROVIDER.ne(""))
        .fetch(AGENT_VERSION.PROVIDER);
  }

  @Override
  public List<UUID> tools(DSLContext db, UUID tenantId, UUID agentId, int version) {
    return db.select(AGENT_TOOL.TOOL_ID)
        .from(AGENT_TOOL)
        .where(AGENT_TOOL.TENANT_ID.eq(tenantId))
        .and(AGENT_TOOL.AGENT_ID.eq(agentId))
        .and(AGENT_TOOL.VERSION.eq(version))
        .and(AGENT_TOOL.IS_ENABLED)
        .orderBy(AGENT_TOOL.POSITION)
        .fetch(AGENT_TOOL.TOOL_ID);
  }

  @Override
  public List<UUID> integrations(DSLContext db, UUID tenantId, UUID agentId, int version) {
    return db.select(AGENT_INTEGRATION.INTEGRATION_ID)
        .from(AGENT_INTEGRATION)
        .where(AGENT_INTEGRATION.TENANT_ID.eq(tenantId))
        .and(AGENT_INTEGRATION.AGENT_ID.eq(agentId))
        .and(AGENT_INTEGRATION.VERSION.eq(version))
        .and(AGENT_INTEGRATION.IS_ENABLED)
        .orderBy(AGENT_INTEGRATION.POSITION)
        .fetch(AGENT_INTEGRATION.INTEGRATION_ID);
  }
}
