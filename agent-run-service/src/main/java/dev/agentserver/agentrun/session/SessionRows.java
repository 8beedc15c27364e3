package dev.agentserver.agentrun.session;

import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.noCondition;

import dev.agentserver.agentrun.session.Session.Attributes;
import dev.agentserver.agentrun.session.Session.Failure;
import dev.agentserver.agentrun.session.Session.Times;
import dev.agentserver.agentrun.session.Session.Totals;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// A session's row, who may see it, and the session it is.
final class SessionRows {
  static final List<Field<?>> COLUMNS =
      List.of(
          SESSION.SESSION_ID,
          SESSION.OWNER_ID,
          SESSION.PROJECT_ID,
          SESSION.CONVERSATION_ID,
          SESSION.SLUG,
          SESSION.TITLE,
          SESSION.TYPE,
          SESSION.STATE,
          SESSION.PHASE,
          SESSION.WORKING_DIR,
          SESSION.GIT_BRANCH,
          SESSION.OPEN_INTERRUPTS,
          SESSION.RUN_COUNT,
          SESSION.INPUT_TOKENS,
          SESSION.OUTPUT_TOKENS,
          SESSION.COST,
          SESSION.ACTIVE_MS,
          SESSION.ERROR_CODE,
          SESSION.ERROR_MESSAGE,
          SESSION.EXTERNAL_ID,
          SESSION.METADATA,
          SESSION.VERSION,
          SESSION.ACTIVITY,
          SESSION.CREATED_AT,
          SESSION.UPDATED_AT,
          SESSION.LAST_ACTIVITY_AT,
          SESSION.ENDED_AT,
          SESSION.EXPIRES_AT);

  private SessionRows() {}

  /// True of the sessions with this name that the caller may touch in this way: its own, or any of
  /// the tenant's. A run may touch its own session only.
  static Condition named(Caller caller, String permission, SessionRef ref) {
    var own = SESSION.OWNER_ID.eq(caller.principalId());
    var name =
        ref.id() == null ? SESSION.SLUG.eq(ref.text()).and(own) : SESSION.SESSION_ID.eq(ref.id());
    return name.and(touchable(caller, permission));
  }

  /// True of the sessions that the caller may touch in this way.
  static Condition touchable(Caller caller, String permission) {
    var own = SESSION.OWNER_ID.eq(caller.principalId());
    return SESSION
        .TENANT_ID
        .eq(caller.tenantId())
        .and(inside(caller))
        .and(caller.mayAny(permission) ? noCondition() : own);
  }

  private static Condition inside(Caller caller) {
    var run = caller.run();
    if (run == null) {
      return noCondition();
    }
    return run.sessionId() == null ? falseCondition() : SESSION.SESSION_ID.eq(run.sessionId());
  }

  static Condition key(UUID tenantId, UUID id) {
    return SESSION.TENANT_ID.eq(tenantId).and(SESSION.SESSION_ID.eq(id));
  }

  static Session session(Record row) {
    var phase = row.get(SESSION.PHASE);
    var error = row.get(SESSION.ERROR_CODE);
    return new Session(
        row.get(SESSION.SESSION_ID),
        row.get(SESSION.OWNER_ID),
        SessionType.valueOf(row.get(SESSION.TYPE)),
        SessionState.valueOf(row.get(SESSION.STATE)),
        phase == null ? null : Phase.valueOf(phase),
        new Attributes(
            row.get(SESSION.TITLE),
            row.get(SESSION.SLUG),
            row.get(SESSION.PROJECT_ID),
            row.get(SESSION.CONVERSATION_ID),
            row.get(SESSION.WORKING_DIR),
            row.get(SESSION.GIT_BRANCH),
            row.get(SESSION.EXTERNAL_ID),
            MetadataJson.read(row.get(SESSION.METADATA).data())),
        new Totals(
            row.get(SESSION.RUN_COUNT),
            row.get(SESSION.INPUT_TOKENS),
            row.get(SESSION.OUTPUT_TOKENS),
            row.get(SESSION.COST),
            Duration.ofMillis(row.get(SESSION.ACTIVE_MS))),
        row.get(SESSION.OPEN_INTERRUPTS),
        error == null ? null : new Failure(error, row.get(SESSION.ERROR_MESSAGE)),
        row.get(SESSION.VERSION),
        row.get(SESSION.ACTIVITY),
        new Times(
            row.get(SESSION.CREATED_AT).toInstant(),
            row.get(SESSION.UPDATED_AT).toInstant(),
            row.get(SESSION.LAST_ACTIVITY_AT).toInstant(),
            instant(row.get(SESSION.ENDED_AT)),
            instant(row.get(SESSION.EXPIRES_AT))));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
