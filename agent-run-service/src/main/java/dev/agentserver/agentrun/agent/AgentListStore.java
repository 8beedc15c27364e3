package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_USER_STATE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/// The agents that a caller may use: one statement, however many there are.
final class AgentListStore {
  private static final Instant NEVER = Instant.EPOCH;

  private static final Field<Boolean> FAVORITE = coalesce(AGENT_USER_STATE.FAVORITE, inline(false));
  private static final Field<OffsetDateTime> LAST_USED =
      coalesce(AGENT_USER_STATE.LAST_USED_AT, val(at(NEVER)));

  /// The sort key of a row: what a page token holds.
  record Position(boolean favorite, Instant lastUsedAt, Instant createdAt, UUID id) {
    static Position of(Agent agent) {
      var used = agent.userState().lastUsedAt();
      return new Position(
          agent.userState().favorite(), used == null ? NEVER : used, agent.createdAt(), agent.id());
    }
  }

  /// @param after the last row of the page before; null: from the top
  List<Agent> list(
      DSLContext db, Caller caller, AgentFilter filter, @Nullable Position after, int limit) {
    return AgentRows.select(db, caller, ConfigRows.BASIC)
        .where(whose(caller, filter))
        .and(matching(filter))
        .and(after == null ? noCondition() : beyond(after))
        .orderBy(FAVORITE.desc(), LAST_USED.desc(), AGENT.CREATED_AT.desc(), AGENT.AGENT_ID.desc())
        .limit(limit)
        .fetch(AgentRows::agent);
  }

  private static Condition whose(Caller caller, AgentFilter filter) {
    var readable = Access.READ.to(caller);
    return filter.ownerId() == null
        ? readable.and(Access.READ.own(caller))
        : readable.and(AGENT.OWNER_ID.eq(filter.ownerId()));
  }

  private static Condition matching(AgentFilter filter) {
    var condition = noCondition();
    if (filter.state() != null) {
      condition = condition.and(AGENT.STATE.eq(filter.state().name()));
    }
    if (filter.category() != null) {
      condition = condition.and(AGENT.CATEGORY.eq(filter.category()));
    }
    if (filter.templateId() != null) {
      condition = condition.and(AGENT.TEMPLATE_ID.eq(filter.templateId()));
    }
    if (filter.favorite() != null) {
      condition = condition.and(FAVORITE.eq(filter.favorite()));
    }
    if (filter.nameContains() != null) {
      condition = condition.and(AGENT.NAME.containsIgnoreCase(filter.nameContains()));
    }
    if (filter.externalId() != null) {
      condition = condition.and(AGENT.EXTERNAL_ID.eq(filter.externalId()));
    }
    for (var pair : filter.metadata().entrySet()) {
      condition =
          condition.and(jsonbGetAttributeAsText(AGENT.METADATA, pair.getKey()).eq(pair.getValue()));
    }
    return condition;
  }

  private static Condition beyond(Position after) {
    return row(FAVORITE, LAST_USED, AGENT.CREATED_AT, AGENT.AGENT_ID)
        .lt(
            row(
                val(after.favorite()),
                val(at(after.lastUsedAt())),
                val(at(after.createdAt())),
                val(after.id())));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
