package dev.agentserver.agentrun.analytics;

import static dev.agentserver.agentrun.db.Tables.ANALYTICS_EVENT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.countDistinct;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.analytics.AnalyticsQuery.Dimension;
import dev.agentserver.agentrun.text.LocalTime;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.db.ArrayTable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.TableField;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// The rows of events.
final class AnalyticsStore {
  private static final String ROWS = "asked";
  private static final String USER = "user_id";

  /// Events of a group.
  record Group(List<String> keys, long events, long users) {}

  /// Keeps those that are new, and returns how many there are.
  int insert(DSLContext db, UUID tenantId, UUID userId, List<AnalyticsEvent> events, Instant now) {
    var given =
        ArrayTable.of("given", events)
            .with(ANALYTICS_EVENT.TENANT_ID, _ -> tenantId)
            .with(ANALYTICS_EVENT.USER_ID, _ -> userId)
            .with(ANALYTICS_EVENT.EVENT_ID, AnalyticsEvent::id)
            .with(ANALYTICS_EVENT.NAME, AnalyticsEvent::name)
            .with(ANALYTICS_EVENT.AGENT_ID, AnalyticsEvent::agentId)
            .with(ANALYTICS_EVENT.SESSION_ID, AnalyticsEvent::sessionId)
            .with(ANALYTICS_EVENT.CONVERSATION_ID, AnalyticsEvent::conversationId)
            .with(
                ANALYTICS_EVENT.PROPERTIES,
                one -> JSONB.valueOf(MetadataJson.write(one.properties())))
            .with(
                ANALYTICS_EVENT.OCCURRED_AT,
                one -> time(Objects.requireNonNullElse(one.occurredAt(), now)))
            .with(ANALYTICS_EVENT.RECORDED_AT, _ -> time(now));
    var columns = given.fields().stream().map(one -> ANALYTICS_EVENT.field(one.getName())).toList();
    return db.insertInto(ANALYTICS_EVENT, columns)
        .select(select(given.fields()).from(given.table()))
        .onConflictDoNothing()
        .execute();
  }

  /// The groups after one, in the order of their keys.
  List<Group> groups(
      DSLContext db, UUID tenantId, AnalyticsQuery query, List<String> after, int limit) {
    var columns = new ArrayList<Field<?>>();
    var keys = new ArrayList<Field<String>>();
    for (var dimension : query.groupBy()) {
      var key = "key_" + keys.size();
      columns.add(key(dimension, query.zone()).as(key));
      keys.add(field(name(ROWS, key), SQLDataType.CLOB));
    }
    columns.add(ANALYTICS_EVENT.USER_ID);
    var rows = select(columns).from(ANALYTICS_EVENT).where(matches(tenantId, query)).asTable(ROWS);
    var events = count().as("events");
    var users = countDistinct(field(name(ROWS, USER), UUID.class)).as("users");
    var counted = db.select(keys).select(events, users).from(rows);
    if (keys.isEmpty()) {
      return counted.fetch(row -> new Group(List.of(), row.get(events), row.get(users)));
    }
    return counted
        .where(after.isEmpty() ? noCondition() : row(keys).gt(row(after.toArray())))
        .groupBy(keys)
        .orderBy(keys)
        .limit(limit)
        .fetch(
            row ->
                new Group(
                    keys.stream().map(key -> row.get(key.getName(), String.class)).toList(),
                    row.get(events),
                    row.get(users)));
  }

  private static Condition matches(UUID tenantId, AnalyticsQuery query) {
    return ANALYTICS_EVENT
        .TENANT_ID
        .eq(tenantId)
        .and(same(ANALYTICS_EVENT.USER_ID, query.userId()))
        .and(same(ANALYTICS_EVENT.NAME, query.name()))
        .and(same(ANALYTICS_EVENT.AGENT_ID, query.agentId()))
        .and(
            query.from() == null
                ? noCondition()
                : ANALYTICS_EVENT.OCCURRED_AT.ge(time(query.from())))
        .and(query.to() == null ? noCondition() : ANALYTICS_EVENT.OCCURRED_AT.lt(time(query.to())));
  }

  private static <T> Condition same(TableField<?, T> column, @Nullable T value) {
    return value == null ? noCondition() : column.eq(value);
  }

  /// Nothing is the empty text.
  private static Field<String> key(Dimension dimension, ZoneId zone) {
    return switch (dimension) {
      case NAME -> ANALYTICS_EVENT.NAME;
      case USER -> id(ANALYTICS_EVENT.USER_ID);
      case AGENT -> id(ANALYTICS_EVENT.AGENT_ID);
      case SESSION -> id(ANALYTICS_EVENT.SESSION_ID);
      case CONVERSATION -> id(ANALYTICS_EVENT.CONVERSATION_ID);
      case DAY -> LocalTime.day(ANALYTICS_EVENT.OCCURRED_AT, zone);
      case HOUR -> LocalTime.hour(ANALYTICS_EVENT.OCCURRED_AT, zone);
    };
  }

  private static Field<String> id(Field<UUID> column) {
    return coalesce(column.cast(SQLDataType.CLOB), inline(""));
  }

  /// Removes up to `limit` events that were kept long enough, the oldest first.
  int removeBefore(DSLContext db, Instant cutoff, int limit) {
    var key = row(ANALYTICS_EVENT.TENANT_ID, ANALYTICS_EVENT.USER_ID, ANALYTICS_EVENT.EVENT_ID);
    return db.deleteFrom(ANALYTICS_EVENT)
        .where(
            key.in(
                select(ANALYTICS_EVENT.TENANT_ID, ANALYTICS_EVENT.USER_ID, ANALYTICS_EVENT.EVENT_ID)
                    .from(ANALYTICS_EVENT)
                    .where(ANALYTICS_EVENT.RECORDED_AT.lt(time(cutoff)))
                    .orderBy(ANALYTICS_EVENT.RECORDED_AT)
                    .limit(limit)))
        .execute();
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
