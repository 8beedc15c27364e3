package dev.agentserver.agentrun.session;

import static dev.agentserver.agentrun.db.Tables.SESSION_ARTIFACT;
import static dev.agentserver.agentrun.db.Tables.SESSION_CHECKPOINT;
import static dev.agentserver.agentrun.db.Tables.SESSION_PHASE;
import static org.jooq.impl.DSL.selectOne;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The phases that sessions went through, and what the next one asks for.
public final class PhaseStore {
  /// One attempt at a phase.
  ///
  /// @param leftAt null in the current one
  public record Attempted(
      int number,
      Phase phase,
      int attempt,
      boolean forced,
      Instant enteredAt,
      @Nullable Instant leftAt) {}

  /// Ends the current attempt and begins another. The session's row is locked, or new.
  public void enter(DSLContext db, UUID tenantId, UUID sessionId, Phase phase, boolean forced) {
    var now = db.select(clock()).fetchSingle().value1();
    db.update(SESSION_PHASE)
        .set(SESSION_PHASE.LEFT_AT, now)
        .where(of(tenantId, sessionId))
        .and(SESSION_PHASE.LEFT_AT.isNull())
        .execute();
    var before = db.fetchCount(SESSION_PHASE, of(tenantId, sessionId));
    var attempts =
        db.fetchCount(
            SESSION_PHASE, of(tenantId, sessionId).and(SESSION_PHASE.PHASE.eq(phase.name())));
    db.insertInto(SESSION_PHASE)
        .set(SESSION_PHASE.TENANT_ID, tenantId)
        .set(SESSION_PHASE.SESSION_ID, sessionId)
        .set(SESSION_PHASE.NUMBER, before + 1)
        .set(SESSION_PHASE.PHASE, phase.name())
        .set(SESSION_PHASE.ATTEMPT, attempts + 1)
        .set(SESSION_PHASE.FORCED, forced)
        .set(SESSION_PHASE.ENTERED_AT, now)
        .execute();
  }

  /// @param after the number of the last one of the page before; 0: from the first
  public List<Attempted> list(DSLContext db, UUID tenantId, UUID sessionId, int after, int limit) {
    return db.select()
        .from(SESSION_PHASE)
        .where(of(tenantId, sessionId))
        .and(SESSION_PHASE.NUMBER.gt(after))
        .orderBy(SESSION_PHASE.NUMBER)
        .limit(limit)
        .fetch(
            found ->
                new Attempted(
                    found.get(SESSION_PHASE.NUMBER),
                    Phase.valueOf(found.get(SESSION_PHASE.PHASE)),
                    found.get(SESSION_PHASE.ATTEMPT),
                    found.get(SESSION_PHASE.FORCED),
                    found.get(SESSION_PHASE.ENTERED_AT).toInstant(),
                    instant(found.get(SESSION_PHASE.LEFT_AT))));
  }

  public boolean hasArtifact(DSLContext db, UUID tenantId, UUID sessionId, String key) {
    return db.fetchExists(
        selectOne()
            .from(SESSION_ARTIFACT)
            .where(SESSION_ARTIFACT.TENANT_ID.eq(tenantId))
            .and(SESSION_ARTIFACT.SESSION_ID.eq(sessionId))
            .and(SESSION_ARTIFACT.KEY.eq(key)));
  }

  public boolean hasOpenCheckpoint(DSLContext db, UUID tenantId, UUID sessionId) {
    return db.fetchExists(
        selectOne()
            .from(SESSION_CHECKPOINT)
            .where(SESSION_CHECKPOINT.TENANT_ID.eq(tenantId))
            .and(SESSION_CHECKPOINT.SESSION_ID.eq(sessionId))
            .and(SESSION_CHECKPOINT.COMPLETED_AT.isNull()));
  }

  private static Condition of(UUID tenantId, UUID sessionId) {
    return SESSION_PHASE.TENANT_ID.eq(tenantId).and(SESSION_PHASE.SESSION_ID.eq(sessionId));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
