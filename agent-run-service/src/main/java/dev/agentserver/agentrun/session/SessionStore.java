package dev.agentserver.agentrun.session;

import static dev.agentserver.agentrun.db.Tables.PROJECT;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.when;

import dev.agentserver.agentrun.session.Session.Attributes;
import dev.agentserver.agentrun.session.Session.Failure;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.identity.Caller;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record2;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The rows of sessions. Access is part of every query that a caller asks for.
public final class SessionStore {
  /// @param lifetime after which it fails if nothing happens
  void insert(
      DSLContext db,
      Caller caller,
      UUID id,
      SessionType type,
      Attributes attributes,
      Duration lifetime) {
    var now = db.select(clock()).fetchSingle().value1();
    var first = type.first();
    db.insertInto(SESSION)
        .set(SESSION.TENANT_ID, caller.tenantId())
        .set(SESSION.SESSION_ID, id)
        .set(SESSION.OWNER_ID, caller.principalId())
        .set(SESSION.PROJECT_ID, attributes.projectId())
        .set(SESSION.CONVERSATION_ID, attributes.conversationId())
        .set(SESSION.SLUG, attributes.slug())
        .set(SESSION.TITLE, attributes.title())
        .set(SESSION.TYPE, type.name())
        .set(SESSION.STATE, SessionState.CREATED.name())
        .set(SESSION.PHASE, first == null ? null : first.name())
        .set(SESSION.WORKING_DIR, attributes.workingDir())
        .set(SESSION.GIT_BRANCH, attributes.gitBranch())
        .set(SESSION.OPEN_INTERRUPTS, 0)
        .set(SESSION.RUN_COUNT, 0)
        .set(SESSION.INPUT_TOKENS, 0L)
        .set(SESSION.OUTPUT_TOKENS, 0L)
        .set(SESSION.COST, BigDecimal.ZERO)
        .set(SESSION.ACTIVE_MS, 0L)
        .set(SESSION.EXTERNAL_ID, attributes.externalId())
        .set(SESSION.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(SESSION.VERSION, 1L)
        .set(SESSION.ACTIVITY, 0L)
        .set(SESSION.CREATED_AT, now)
        .set(SESSION.UPDATED_AT, now)
        .set(SESSION.LAST_ACTIVITY_AT, now)
        .set(SESSION.EXPIRES_AT, now.plus(lifetime))
        .execute();
  }

  boolean hasSlug(DSLContext db, Caller caller, String slug) {
    return db.fetchExists(
        selectOne()
            .from(SESSION)
            .where(SESSION.TENANT_ID.eq(caller.tenantId()))
            .and(SESSION.OWNER_ID.eq(caller.principalId()))
            .and(SESSION.SLUG.eq(slug)));
  }

  boolean hasProject(DSLContext db, Caller caller, UUID projectId) {
    return db.fetchExists(
        selectOne()
            .from(PROJECT)
            .where(PROJECT.TENANT_ID.eq(caller.tenantId()))
            .and(PROJECT.PROJECT_ID.eq(projectId))
            .and(
                caller.mayAny("project:read")
                    ? noCondition()
                    : PROJECT.OWNER_ID.eq(caller.principalId())));
  }

  boolean hasAny(DSLContext db, Caller caller, String permission, Collection<UUID> ids) {
    return db.fetchExists(
        SESSION, SESSION.SESSION_ID.in(ids).and(SessionRows.touchable(caller, permission)));
  }

  Optional<Session> find(DSLContext db, Caller caller, String permission, SessionRef ref) {
    return db.select(SessionRows.COLUMNS)
        .from(SESSION)
        .where(SessionRows.named(caller, permission, ref))
        .fetchOptional(SessionRows::session);
  }

  /// The same, with the row locked until the transaction ends.
  Optional<Session> lock(DSLContext db, Caller caller, String permission, SessionRef ref) {
    return db.select(SessionRows.COLUMNS)
        .from(SESSION)
        .where(SessionRows.named(caller, permission, ref))
        .forNoKeyUpdate()
        .fetchOptional(SessionRows::session);
  }

  void update(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    db.update(SESSION)
        .set(SESSION.TITLE, attributes.title())
        .set(SESSION.SLUG, attributes.slug())
        .set(SESSION.PROJECT_ID, attributes.projectId())
        .set(SESSION.CONVERSATION_ID, attributes.conversationId())
        .set(SESSION.WORKING_DIR, attributes.workingDir())
        .set(SESSION.GIT_BRANCH, attributes.gitBranch())
        .set(SESSION.EXTERNAL_ID, attributes.externalId())
        .set(SESSION.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(SESSION.VERSION, SESSION.VERSION.plus(1))
        .set(SESSION.UPDATED_AT, clock())
        .where(SessionRows.key(tenantId, id))
        .execute();
  }

  /// Puts it into a state and a phase.
  ///
  /// @param failure with FAILED, and only then
  public void move(
      DSLContext db,
      UUID tenantId,
      UUID id,
      SessionState state,
      @Nullable Phase phase,
      @Nullable Failure failure,
      Duration lifetime) {
    db.update(SESSION)
        .set(SESSION.STATE, state.name())
        .set(SESSION.PHASE, phase == null ? null : phase.name())
        .set(SESSION.ERROR_CODE, failure == null ? null : failure.code())
        .set(SESSION.ERROR_MESSAGE, failure == null ? null : failure.message())
        .set(SESSION.VERSION, SESSION.VERSION.plus(1))
        .set(SESSION.UPDATED_AT, clock())
        .set(SESSION.LAST_ACTIVITY_AT, clock())
        .set(SESSION.ENDING, false)
        .set(SESSION.ENDED_AT, state.isEnded() ? clock() : DSL.castNull(SESSION.ENDED_AT))
        .set(
            SESSION.EXPIRES_AT,
            state.isEnded()
                ? DSL.castNull(SESSION.EXPIRES_AT)
                : clock().plus(DayToSecond.valueOf(lifetime)))
        .where(SessionRows.key(tenantId, id))
        .execute();
  }

  /// Notes whether it has ended with runs that have not been told.
  public void ending(DSLContext db, UUID tenantId, UUID id, boolean ending) {
    db.update(SESSION)
        .set(SESSION.ENDING, ending)
        .where(SessionRows.key(tenantId, id))
        .and(SESSION.ENDING.ne(ending))
        .execute();
  }

  /// Those of all tenants.
  public List<Record2<UUID, UUID>> ending(DSLContext db, int limit) {
    return db.select(SESSION.TENANT_ID, SESSION.SESSION_ID)
        .from(SESSION)
        .where(SESSION.ENDING)
        .limit(limit)
        .fetch();
  }

  /// Locks one of them; false when it is none any more, or somebody else is at it.
  public boolean lockEnding(DSLContext db, UUID tenantId, UUID id) {
    return db.select(SESSION.SESSION_ID)
        .from(SESSION)
        .where(SessionRows.key(tenantId, id))
        .and(SESSION.ENDING)
        .forNoKeyUpdate()
        .skipLocked()
        .fetchOptional()
        .isPresent();
  }

  public void delete(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(SESSION).where(SessionRows.key(tenantId, id)).execute();
  }

  /// Notes that something happened in it that an update cannot lose.
  public void touch(DSLContext db, UUID tenantId, UUID id, Duration lifetime) {
    changed(db, tenantId, id, 0, 0, lifetime);
  }

  /// Notes that a run has begun.
  public void count(DSLContext db, UUID tenantId, UUID id, Duration lifetime) {
    changed(db, tenantId, id, 1, 0, lifetime);
  }

  /// Notes that interrupts were opened, or, below zero, answered.
  public void interrupted(DSLContext db, UUID tenantId, UUID id, int more, Duration lifetime) {
    changed(db, tenantId, id, 0, more, lifetime);
  }

  private static void changed(
      DSLContext db, UUID tenantId, UUID id, int runs, int interrupts, Duration lifetime) {
    var open = greatest(SESSION.OPEN_INTERRUPTS.plus(interrupts), inline(0));
    db.update(SESSION)
        .set(SESSION.RUN_COUNT, SESSION.RUN_COUNT.plus(runs))
        .set(SESSION.OPEN_INTERRUPTS, open)
        .set(
            SESSION.STATE,
            when(
                    SESSION.STATE.eq(SessionState.ACTIVE.name()).and(open.gt(0)),
                    inline(SessionState.WAITING.name()))
                .when(
                    SESSION.STATE.eq(SessionState.WAITING.name()).and(open.eq(0)),
                    inline(SessionState.ACTIVE.name()))
                .otherwise(SESSION.STATE))
        .set(SESSION.ACTIVITY, SESSION.ACTIVITY.plus(1))
        .set(SESSION.LAST_ACTIVITY_AT, clock())
        .set(
            SESSION.EXPIRES_AT,
            when(SESSION.EXPIRES_AT.isNotNull(), clock().plus(DayToSecond.valueOf(lifetime))))
        .where(SessionRows.key(tenantId, id))
        .execute();
  }

  /// Adds to what it has taken.
  public void spend(
      DSLContext db,
      UUID tenantId,
      UUID id,
      long inputTokens,
      long outputTokens,
      BigDecimal cost,
      Duration active) {
    db.update(SESSION)
        .set(SESSION.INPUT_TOKENS, SESSION.INPUT_TOKENS.plus(inputTokens))
        .set(SESSION.OUTPUT_TOKENS, SESSION.OUTPUT_TOKENS.plus(outputTokens))
        .set(SESSION.COST, SESSION.COST.plus(cost))
        .set(SESSION.ACTIVE_MS, SESSION.ACTIVE_MS.plus(active.toMillis()))
        .set(SESSION.ACTIVITY, SESSION.ACTIVITY.plus(1))
        .set(SESSION.LAST_ACTIVITY_AT, clock())
        .where(SessionRows.key(tenantId, id))
        .execute();
  }

  /// The sessions in which nothing has happened for too long, of all tenants.
  public List<Record2<UUID, UUID>> due(DSLContext db, int limit) {
    return db.select(SESSION.TENANT_ID, SESSION.SESSION_ID)
        .from(SESSION)
        .where(SESSION.EXPIRES_AT.le(clock()))
        .orderBy(SESSION.EXPIRES_AT)
        .limit(limit)
        .fetch();
  }

  /// One of them, locked; empty when it is not due any more, or somebody else is at it.
  public Optional<Session> lockDue(DSLContext db, UUID tenantId, UUID id) {
    return db.select(SessionRows.COLUMNS)
        .from(SESSION)
        .where(SessionRows.key(tenantId, id))
        .and(SESSION.EXPIRES_AT.le(clock()))
        .forNoKeyUpdate()
        .skipLocked()
        .fetchOptional(SessionRows::session);
  }

  /// A session as it is, whoever asks.
  public Session get(DSLContext db, UUID tenantId, UUID id) {
    return db.select(SessionRows.COLUMNS)
        .from(SESSION)
        .where(SessionRows.key(tenantId, id))
        .fetchSingle(SessionRows::session);
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
