package dev.agentserver.agentrun.session;

import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// "My sessions": one statement from one index.
final class SessionListStore {
  /// The sort key of a row: what a page token holds.
  record Position(Instant lastActivityAt, UUID sessionId) {}

  /// @param after the last row of the page before; null: from the top
  List<Session> list(
      DSLContext db, Caller caller, SessionFilter filter, @Nullable Position after, int limit) {
    return db.select(SessionRows.COLUMNS)
        .from(SESSION)
        .where(SESSION.TENANT_ID.eq(caller.tenantId()))
        .and(SESSION.OWNER_ID.eq(caller.principalId()))
        .and(matching(filter))
        .and(after == null ? noCondition() : beyond(after))
        .orderBy(SESSION.LAST_ACTIVITY_AT.desc(), SESSION.SESSION_ID.desc())
        .limit(limit)
        .fetch(SessionRows::session);
  }

  private static Condition matching(SessionFilter filter) {
    var condition = noCondition();
    if (filter.projectId() != null) {
      condition = condition.and(SESSION.PROJECT_ID.eq(filter.projectId()));
    }
    if (filter.conversationId() != null) {
      condition = condition.and(SESSION.CONVERSATION_ID.eq(filter.conversationId()));
    }
    if (!filter.states().isEmpty()) {
      var states = filter.states().stream().map(SessionState::name).toList();
      condition = condition.and(SESSION.STATE.in(states));
    }
    if (filter.type() != null) {
      condition = condition.and(SESSION.TYPE.eq(filter.type().name()));
    }
    if (filter.phase() != null) {
      condition = condition.and(SESSION.PHASE.eq(filter.phase().name()));
    }
    if (filter.slug() != null) {
      condition = condition.and(SESSION.SLUG.eq(filter.slug()));
    }
    if (filter.externalId() != null) {
      condition = condition.and(SESSION.EXTERNAL_ID.eq(filter.externalId()));
    }
    for (var pair : filter.metadata().entrySet()) {
      condition =
          condition.and(
              jsonbGetAttributeAsText(SESSION.METADATA, pair.getKey()).eq(pair.getValue()));
    }
    return condition;
  }

  private static Condition beyond(Position after) {
    return row(SESSION.LAST_ACTIVITY_AT, SESSION.SESSION_ID)
        .lt(row(val(after.lastActivityAt().atOffset(ZoneOffset.UTC)), val(after.sessionId())));
  }
}
