package dev.agentserver.conversation.sidebar;

import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER_GONE;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.unnest;

import dev.agentserver.kit.eventlog.StreamKey;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.types.DayToSecond;

/// What has just changed in many lists.
final class LookoutStore {
  /// An entry after one of its changes.
  record Changed(StreamKey user, UUID conversationId, OffsetDateTime at) {}

  /// The entries of these users that changed within `period`, in one statement: of each user the
  /// latest `limit` of those that are there, and of those that are gone.
  List<Changed> recent(DSLContext db, List<StreamKey> users, Duration period, int limit) {
    var tenants = column("tenants", users, StreamKey::tenantId);
    var members = column("members", users, StreamKey::id);
    var tenant = tenants.field("id", UUID.class);
    var member = members.field("id", UUID.class);
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
        .from(tenants)
        .join(members)
        .on(members.field("n", Long.class).eq(tenants.field("n", Long.class)))
        .crossJoin(latest)
        .fetch(
            row ->
                new Changed(new StreamKey(row.value1(), row.value2()), row.value3(), row.value4()));
  }

  /// One array for each half of the keys: the statement's text is the same however many there are.
  private static Table<?> column(
      String name, List<StreamKey> users, Function<StreamKey, UUID> half) {
    return unnest(users.stream().map(half).toArray(UUID[]::new))
        .withOrdinality()
        .as(name, "id", "n");
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
