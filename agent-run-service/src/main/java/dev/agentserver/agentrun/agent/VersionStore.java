package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_INTEGRATION;
import static dev.agentserver.agentrun.db.Tables.AGENT_SETTING;
import static dev.agentserver.agentrun.db.Tables.AGENT_STEP;
import static dev.agentserver.agentrun.db.Tables.AGENT_TOOL;
import static dev.agentserver.agentrun.db.Tables.AGENT_VERSION;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;

import dev.agentserver.agentrun.agent.Agent.Version;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The versions of agents: written once, never changed.
final class VersionStore {
  private static final List<Field<?>> COLUMNS =
      List.of(
          AGENT_VERSION.AGENT_ID,
          AGENT_VERSION.VERSION,
          AGENT_VERSION.AUTHOR_ID,
          AGENT_VERSION.CREATED_AT);

  void insert(DSLContext db, Caller author, UUID agentId, int version, AgentConfig config) {
    var tenant = author.tenantId();
    db.insertInto(AGENT_VERSION)
        .set(AGENT_VERSION.TENANT_ID, tenant)
        .set(AGENT_VERSION.AGENT_ID, agentId)
        .set(AGENT_VERSION.VERSION, version)
        .set(AGENT_VERSION.MODEL, config.model())
        .set(AGENT_VERSION.PROVIDER, config.provider())
        .set(AGENT_VERSION.INSTRUCTIONS, config.instructions())
        .set(AGENT_VERSION.TEMPERATURE, config.temperature())
        .set(AGENT_VERSION.MAX_TOKENS, config.maxTokens())
        .set(AGENT_VERSION.AUTHOR_ID, author.principalId())
        .set(AGENT_VERSION.CREATED_AT, DSL.function("clock_timestamp", OffsetDateTime.class))
        .execute();
    settings(db, tenant, agentId, version, config);
    steps(db, tenant, agentId, version, config);
    tools(db, tenant, agentId, version, config);
    integrations(db, tenant, agentId, version, config);
  }

  private static void settings(
      DSLContext db, UUID tenant, UUID agentId, int version, AgentConfig config) {
    if (config.settings().isEmpty()) {
      return;
    }
    var table = AGENT_SETTING;
    db.insertInto(table, table.TENANT_ID, table.AGENT_ID, table.VERSION, table.KEY, table.VALUE)
        .valuesOfRows(
            config.settings().entrySet().stream()
                .map(
                    each ->
                        row(
                            tenant,
                            agentId,
                            version,
                            each.getKey(),
                            JSONB.valueOf(each.getValue())))
                .toList())
        .execute();
  }

  private static void steps(
      DSLContext db, UUID tenant, UUID agentId, int version, AgentConfig config) {
    if (config.steps().isEmpty()) {
      return;
    }
    var table = AGENT_STEP;
    var steps = config.steps();
    db.insertInto(
            table,
            table.TENANT_ID,
            table.AGENT_ID,
            table.VERSION,
            table.POSITION,
            table.NAME,
            table.INSTRUCTIONS,
            table.CONFIG)
        .valuesOfRows(
            IntStream.range(0, steps.size())
                .mapToObj(
                    i ->
                        row(
                            tenant,
                            agentId,
                            version,
                            i,
                            steps.get(i).name(),
                            steps.get(i).instructions(),
                            JSONB.valueOf(steps.get(i).config())))
                .toList())
        .execute();
  }

  private static void tools(
      DSLContext db, UUID tenant, UUID agentId, int version, AgentConfig config) {
    if (config.tools().isEmpty()) {
      return;
    }
    var table = AGENT_TOOL;
    var tools = config.tools();
    db.insertInto(
            table,
            table.TENANT_ID,
            table.AGENT_ID,
            table.VERSION,
            table.POSITION,
            table.TOOL_ID,
            table.INTEGRATION_ID,
            table.IS_ENABLED,
            table.PERMISSION,
            table.CUSTOM_CONFIG)
        .valuesOfRows(
            IntStream.range(0, tools.size())
                .mapToObj(
                    i ->
                        row(
                            tenant,
                            agentId,
                            version,
                            i,
                            tools.get(i).toolId(),
                            tools.get(i).integrationId(),
                            tools.get(i).enabled(),
                            tools.get(i).permission().name(),
                            JSONB.valueOf(tools.get(i).customConfig())))
                .toList())
        .execute();
  }

  private static void integrations(
      DSLContext db, UUID tenant, UUID agentId, int version, AgentConfig config) {
    if (config.integrations().isEmpty()) {
      return;
    }
    var table = AGENT_INTEGRATION;
    var integrations = config.integrations();
    db.insertInto(
            table,
            table.TENANT_ID,
            table.AGENT_ID,
            table.VERSION,
            table.POSITION,
            table.INTEGRATION_ID,
            table.IS_ENABLED,
            table.IS_REQUIRED,
            table.SETTINGS)
        .valuesOfRows(
            IntStream.range(0, integrations.size())
                .mapToObj(
                    i ->
                        row(
                            tenant,
                            agentId,
                            version,
                            i,
                            integrations.get(i).integrationId(),
                            integrations.get(i).enabled(),
                            integrations.get(i).required(),
                            JSONB.valueOf(integrations.get(i).settings())))
                .toList())
        .execute();
  }

  /// The newest first.
  ///
  /// @param before only those older than this one; null: from the newest
  List<Version> list(
      DSLContext db, Caller caller, UUID agentId, @Nullable Integer before, int limit) {
    return select(db, caller, agentId, ConfigRows.BASIC)
        .and(before == null ? noCondition() : AGENT_VERSION.VERSION.lt(before))
        .orderBy(AGENT_VERSION.VERSION.desc())
        .limit(limit)
        .fetch(VersionStore::version);
  }

  Optional<Version> find(DSLContext db, Caller caller, UUID agentId, int version) {
    return select(db, caller, agentId, ConfigRows.FULL)
        .and(AGENT_VERSION.VERSION.eq(version))
        .fetchOptional(VersionStore::version);
  }

  private static SelectConditionStep<Record> select(
      DSLContext db, Caller caller, UUID agentId, List<Field<?>> config) {
    return db.select(COLUMNS)
        .select(config)
        .from(AGENT_VERSION)
        .join(AGENT)
        .on(AGENT.TENANT_ID.eq(AGENT_VERSION.TENANT_ID))
        .and(AGENT.AGENT_ID.eq(AGENT_VERSION.AGENT_ID))
        .where(AGENT.AGENT_ID.eq(agentId))
        .and(Access.READ.to(caller));
  }

  private static Version version(Record row) {
    return new Version(
        row.get(AGENT_VERSION.AGENT_ID),
        row.get(AGENT_VERSION.VERSION),
        ConfigRows.config(row),
        row.get(AGENT_VERSION.AUTHOR_ID),
        row.get(AGENT_VERSION.CREATED_AT).toInstant());
  }

  /// A version of an agent of the tenant's, deleted or not.
  Optional<PinnedAgent> pinned(DSLContext db, UUID tenantId, UUID agentId, int version) {
    return db.select(AGENT.NAME)
        .select(ConfigRows.FULL)
        .from(AGENT_VERSION)
        .join(AGENT)
        .on(AGENT.TENANT_ID.eq(AGENT_VERSION.TENANT_ID))
        .and(AGENT.AGENT_ID.eq(AGENT_VERSION.AGENT_ID))
        .where(AGENT_VERSION.TENANT_ID.eq(tenantId))
        .and(AGENT_VERSION.AGENT_ID.eq(agentId))
        .and(AGENT_VERSION.VERSION.eq(version))
        .fetchOptional(
            row -> new PinnedAgent(agentId, version, row.get(AGENT.NAME), ConfigRows.config(row)));
  }
}
