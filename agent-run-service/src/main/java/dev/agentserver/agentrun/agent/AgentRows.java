package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_USER_STATE;
import static dev.agentserver.agentrun.db.Tables.AGENT_VERSION;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;

import dev.agentserver.agentrun.agent.Agent.Attributes;
import dev.agentserver.agentrun.agent.Agent.State;
import dev.agentserver.agentrun.agent.Agent.UserState;
import dev.agentserver.agentrun.agent.Agent.Visibility;
import dev.agentserver.agentrun.agent.template.TemplateRows;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectJoinStep;
import org.jspecify.annotations.Nullable;

/// Agents as the queries read them: with their current version, what the caller has to do with
/// them, and their template.
final class AgentRows {
  static final Field<Boolean> FAVORITE =
      coalesce(AGENT_USER_STATE.FAVORITE, inline(false)).as("is_favorite");

  private static final List<Field<?>> COLUMNS =
      List.of(
          AGENT.AGENT_ID,
          AGENT.OWNER_ID,
          AGENT.NAME,
          AGENT.DESCRIPTION,
          AGENT.ICON,
          AGENT.CATEGORY,
          AGENT.GOAL,
          AGENT.VISIBILITY,
          AGENT.STATE,
          AGENT.CURRENT_VERSION,
          AGENT.EXECUTION_COUNT,
          AGENT.LAST_USED_AT,
          AGENT.EXTERNAL_ID,
          AGENT.METADATA,
          AGENT.VERSION,
          AGENT.CREATED_AT,
          AGENT.UPDATED_AT,
          FAVORITE,
          AGENT_USER_STATE.LAST_USED_AT,
          AGENT_USER_STATE.USE_COUNT);

  private AgentRows() {}

  /// The agents, as this caller sees them.
  ///
  /// @param config what is read of the current version
  static SelectJoinStep<Record> select(DSLContext db, Caller caller, List<Field<?>> config) {
    return db.select(COLUMNS)
        .select(TemplateRows.SUMMARY)
        .select(config)
        .from(AGENT)
        .join(AGENT_VERSION)
        .on(AGENT_VERSION.TENANT_ID.eq(AGENT.TENANT_ID))
        .and(AGENT_VERSION.AGENT_ID.eq(AGENT.AGENT_ID))
        .and(AGENT_VERSION.VERSION.eq(AGENT.CURRENT_VERSION))
        .leftJoin(AGENT_USER_STATE)
        .on(ofCaller(caller));
  }

  private static Condition ofCaller(Caller caller) {
    return AGENT_USER_STATE
        .TENANT_ID
        .eq(AGENT.TENANT_ID)
        .and(AGENT_USER_STATE.AGENT_ID.eq(AGENT.AGENT_ID))
        .and(AGENT_USER_STATE.USER_ID.eq(caller.principalId()));
  }

  static Agent agent(Record row) {
    var template = TemplateRows.summary(row);
    return new Agent(
        row.get(AGENT.AGENT_ID),
        row.get(AGENT.OWNER_ID),
        template == null ? null : template.id(),
        template,
        attributes(row),
        ConfigRows.config(row),
        row.get(AGENT.CURRENT_VERSION),
        row.get(AGENT.EXECUTION_COUNT),
        instant(row.get(AGENT.LAST_USED_AT)),
        userState(row),
        row.get(AGENT.VERSION),
        row.get(AGENT.CREATED_AT).toInstant(),
        row.get(AGENT.UPDATED_AT).toInstant());
  }

  private static Attributes attributes(Record row) {
    return new Attributes(
        row.get(AGENT.NAME),
        row.get(AGENT.DESCRIPTION),
        row.get(AGENT.ICON),
        row.get(AGENT.CATEGORY),
        row.get(AGENT.GOAL),
        Visibility.valueOf(row.get(AGENT.VISIBILITY)),
        State.valueOf(row.get(AGENT.STATE)),
        row.get(AGENT.EXTERNAL_ID),
        MetadataJson.read(row.get(AGENT.METADATA).data()));
  }

  private static UserState userState(Record row) {
    var uses = row.get(AGENT_USER_STATE.USE_COUNT);
    return new UserState(
        row.get(FAVORITE),
        instant(row.get(AGENT_USER_STATE.LAST_USED_AT)),
        uses == null ? 0 : uses);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
