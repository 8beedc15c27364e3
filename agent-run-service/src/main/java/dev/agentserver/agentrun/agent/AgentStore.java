package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_USER_STATE;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.agentserver.agentrun.agent.Agent.Attributes;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// Agents one at a time: make, find, lock, change, remove.
final class AgentStore {
  Optional<Agent> find(DSLContext db, Caller caller, Access access, UUID id) {
    return AgentRows.select(db, caller, ConfigRows.FULL)
        .where(AGENT.AGENT_ID.eq(id))
        .and(access.to(caller))
        .fetchOptional(AgentRows::agent);
  }

  boolean hasAny(DSLContext db, Caller caller, Collection<UUID> ids) {
    return db.fetchExists(AGENT, AGENT.AGENT_ID.in(ids).and(Access.READ.to(caller)));
  }

  /// Locked until the transaction ends.
  Optional<Agent> lock(DSLContext db, Caller caller, Access access, UUID id) {
    var there =
        db.fetchExists(
            selectOne()
                .from(AGENT)
                .where(AGENT.AGENT_ID.eq(id))
                .and(access.to(caller))
                .forNoKeyUpdate());
    // A statement of its own: one that locks reads the version before it has the lock.
    return there ? find(db, caller, access, id) : Optional.empty();
  }

  /// How many agents the user owns; until the transaction ends nobody else counts them.
  int countAlone(DSLContext db, UUID tenantId, UUID userId) {
    var key =
        DSL.function(
            "hashtextextended",
            SQLDataType.BIGINT,
            val("agents " + tenantId + " " + userId),
            inline(0L));
    db.select(DSL.function("pg_advisory_xact_lock", SQLDataType.CLOB, key)).fetch();
    return db.fetchCount(
        selectOne()
            .from(AGENT)
            .where(AGENT.TENANT_ID.eq(tenantId))
            .and(AGENT.OWNER_ID.eq(userId))
            .and(AGENT.DELETED_AT.isNull()));
  }

  /// Its first version is another store's.
  void insert(DSLContext db, Caller caller, UUID id, NewAgent draft) {
    var attributes = draft.attributes();
    db.insertInto(AGENT)
        .set(AGENT.TENANT_ID, caller.tenantId())
        .set(AGENT.AGENT_ID, id)
        .set(AGENT.OWNER_ID, caller.principalId())
        .set(AGENT.TEMPLATE_ID, draft.templateId())
        .set(AGENT.NAME, attributes.name())
        .set(AGENT.DESCRIPTION, attributes.description())
        .set(AGENT.ICON, attributes.icon())
        .set(AGENT.CATEGORY, attributes.category())
        .set(AGENT.GOAL, attributes.goal())
        .set(AGENT.VISIBILITY, attributes.visibility().name())
        .set(AGENT.STATE, attributes.state().name())
        .set(AGENT.CURRENT_VERSION, 1)
        .set(AGENT.EXECUTION_COUNT, 0)
        .set(AGENT.EXTERNAL_ID, attributes.externalId())
        .set(AGENT.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(AGENT.VERSION, 1L)
        .set(AGENT.CREATED_AT, clock())
        .set(AGENT.UPDATED_AT, clock())
        .execute();
  }

  void update(DSLContext db, UUID tenantId, UUID id, Attributes attributes, int currentVersion) {
    db.update(AGENT)
        .set(AGENT.NAME, attributes.name())
        .set(AGENT.DESCRIPTION, attributes.description())
        .set(AGENT.ICON, attributes.icon())
        .set(AGENT.CATEGORY, attributes.category())
        .set(AGENT.GOAL, attributes.goal())
        .set(AGENT.VISIBILITY, attributes.visibility().name())
        .set(AGENT.STATE, attributes.state().name())
        .set(AGENT.EXTERNAL_ID, attributes.externalId())
        .set(AGENT.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(AGENT.CURRENT_VERSION, currentVersion)
        .set(AGENT.VERSION, AGENT.VERSION.plus(1))
        .set(AGENT.UPDATED_AT, clock())
        .where(AGENT.TENANT_ID.eq(tenantId))
        .and(AGENT.AGENT_ID.eq(id))
        .execute();
  }

  /// Gone for everybody; its versions stay for the runs that refer to them.
  void markDeleted(DSLContext db, UUID tenantId, UUID id) {
    db.update(AGENT)
        .set(AGENT.DELETED_AT, clock())
        .set(AGENT.VERSION, AGENT.VERSION.plus(1))
        .where(AGENT.TENANT_ID.eq(tenantId))
        .and(AGENT.AGENT_ID.eq(id))
        .execute();
  }

  void setFavorite(DSLContext db, UUID tenantId, UUID userId, UUID id, boolean favorite) {
    db.insertInto(AGENT_USER_STATE)
        .set(AGENT_USER_STATE.TENANT_ID, tenantId)
        .set(AGENT_USER_STATE.USER_ID, userId)
        .set(AGENT_USER_STATE.AGENT_ID, id)
        .set(AGENT_USER_STATE.FAVORITE, favorite)
        .set(AGENT_USER_STATE.USE_COUNT, 0)
        .onConflict(AGENT_USER_STATE.TENANT_ID, AGENT_USER_STATE.USER_ID, AGENT_USER_STATE.AGENT_ID)
        .doUpdate()
        .set(AGENT_USER_STATE.FAVORITE, favorite)
        .execute();
  }

  /// Counts a use, for the agent and for the user.
  void use(DSLContext db, UUID tenantId, UUID userId, UUID id) {
    db.update(AGENT)
        .set(AGENT.EXECUTION_COUNT, AGENT.EXECUTION_COUNT.plus(1))
        .set(AGENT.LAST_USED_AT, clock())
        .where(AGENT.TENANT_ID.eq(tenantId))
        .and(AGENT.AGENT_ID.eq(id))
        .execute();
    db.insertInto(AGENT_USER_STATE)
        .set(AGENT_USER_STATE.TENANT_ID, tenantId)
        .set(AGENT_USER_STATE.USER_ID, userId)
        .set(AGENT_USER_STATE.AGENT_ID, id)
        .set(AGENT_USER_STATE.FAVORITE, false)
        .set(AGENT_USER_STATE.LAST_USED_AT, clock())
        .set(AGENT_USER_STATE.USE_COUNT, 1)
        .onConflict(AGENT_USER_STATE.TENANT_ID, AGENT_USER_STATE.USER_ID, AGENT_USER_STATE.AGENT_ID)
        .doUpdate()
        .set(AGENT_USER_STATE.LAST_USED_AT, clock())
        .set(AGENT_USER_STATE.USE_COUNT, AGENT_USER_STATE.USE_COUNT.plus(1))
        .execute();
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
