package dev.agentserver.conversation.sidebar;

import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER_GONE;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.select;

import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Select;
import org.jooq.types.DayToSecond;

/// What has just changed in many lists.
final class LookoutStore {
  /// An entry after one of its changes.
  record Changed(StreamKey user, UUID conversationId, OffsetDateTime at) {}

  /// The entries of these users that changed within `period`, in one statement: of each user the
  /// latest `limit` of those that are there, and of those that are gone.
  List<Changed> recent(DSLContext db, List<StreamKey> users, Duration period, int limit) {
    var given =
        ArrayTable.of("given", users)
            .with(CONVERSATION_MEMBER.TENANT_ID, StreamKey::tenantId)
            .with(CONVERSATION_MEMBER.USER_ID, StreamKey::id);
    var tenant = given.field(CONVERSATION_MEMBER.TENANT_ID);
    var member = given.field(CONVERSATION_MEMBER.USER_ID);
    var since = currentOffsetDateTime().minus(DayToSecond.valueOf(period));
    var latest =
        lateral(
            entries(tenant, member, since, limit)
                .unionAll(gone(tenant, member, since, limit))
                .asTable("latest"));
    return db.select(
            tenant,
            member,
            latest.field(CONVERSATION_MEMBER.CONVERSATION_ID),
            latest.field(CONVERSATION_MEMBER.CHANGED_AT))
        .from(given.table())
        .crossJoin(latest)
        .fetch(
            row ->
                new Changed(new StreamKey(row.value1(), row.value2()), row.value3(), row.value4()));
  }

  private static Select<Record2<UUID, OffsetDateTime>> entries(
      Field<UUID> tenant, Field<UUID> user, Field<OffsetDateTime> since, int limit) {
    var entry = CONVERSATION_MEMBER;
    return select(entry.CONVERSATION_ID, entry.CHANGED_AT)
        .from(entry)
        .where(entry.TENANT_ID.eq(tenant))
        .and(entry.USER_ID.eq(user))
        .and(entry.CHANGED_AT.gt(since))
        .orderBy(entry.CHANGED_AT.desc())
        .limit(limit);
  }

  private static Select<Record2<UUID, OffsetDateTime>> gone(
      Field<UUID> tenant, Field<UUID> user, Field<OffsetDateTime> since, int limit) {
    var gone = CONVERSATION_MEMBER_GONE;
    return select(gone.CONVERSATION_ID, gone.CHANGED_AT)
        .from(gone)
        .where(gone.TENANT_ID.eq(tenant))
        .and(gone.USER_ID.eq(user))
        .and(gone.CHANGED_AT.gt(since))
        .orderBy(gone.CHANGED_AT.desc())
        .limit(limit);
  }
}
