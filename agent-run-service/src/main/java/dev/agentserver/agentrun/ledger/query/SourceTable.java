package dev.agentserver.agentrun.ledger.query;

import static dev.agentserver.agentrun.db.Tables.USAGE_DAY_AGENT_MODEL;
import static dev.agentserver.agentrun.db.Tables.USAGE_DAY_MODEL;
import static dev.agentserver.agentrun.db.Tables.USAGE_DAY_USER;
import static dev.agentserver.agentrun.db.Tables.USAGE_FACT;
import static dev.agentserver.agentrun.db.Tables.USAGE_MONTH_USER;
import static dev.agentserver.agentrun.db.Tables.USAGE_QUARTER_MODEL;
import static dev.agentserver.agentrun.db.Tables.USAGE_TOTAL;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;

import dev.agentserver.agentrun.ledger.query.Query.Dimension;
import dev.agentserver.agentrun.ledger.rollup.Rollup;
import dev.agentserver.agentrun.text.LocalTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/// The table of a source, and what a query means there.
record SourceTable(Table<?> table) {
  static SourceTable of(Source source) {
    return new SourceTable(
        switch (source) {
          case QUARTER_MODEL -> USAGE_QUARTER_MODEL;
          case DAY_MODEL -> USAGE_DAY_MODEL;
          case DAY_USER -> USAGE_DAY_USER;
          case DAY_AGENT_MODEL -> USAGE_DAY_AGENT_MODEL;
          case MONTH_USER -> USAGE_MONTH_USER;
          case TOTAL -> USAGE_TOTAL;
          case LEDGER -> USAGE_FACT;
        });
  }

  <T> Field<T> field(String name, Class<T> type) {
    return Objects.requireNonNull(table.field(name, type), name);
  }

  /// The rows that a query is about.
  Condition matches(UUID tenantId, Query query) {
    var filter = query.filter();
    return field("tenant_id", UUID.class)
        .eq(tenantId)
        .and(same("user_id", UUID.class, filter.userId()))
        .and(same("agent_id", UUID.class, filter.agentId()))
        .and(subject("PROJECT", "project_id", filter.projectId()))
        .and(subject("SESSION", "session_id", filter.sessionId()))
        .and(subject("CONVERSATION", "conversation_id", filter.conversationId()))
        .and(same("provider", String.class, filter.provider()))
        .and(same("model", String.class, filter.model()))
        .and(times(query.from(), query.to()));
  }

  private <T> Condition same(String column, Class<T> type, @Nullable T value) {
    return value == null ? noCondition() : field(column, type).eq(value);
  }

  private Condition subject(String subject, String column, @Nullable UUID id) {
    if (id == null || !table.equals(USAGE_TOTAL)) {
      return same(column, UUID.class, id);
    }
    return USAGE_TOTAL.SUBJECT.eq(subject).and(USAGE_TOTAL.SUBJECT_ID.eq(id));
  }

  /// Bounds lie on the table's grid. They are in the statement's text: of bounds that it does not
  /// know the planner expects a third of the table, and reads all of it.
  private Condition times(@Nullable Instant from, @Nullable Instant to) {
    if (from == null && to == null) {
      return noCondition();
    }
    var moment = moment();
    if (moment != null) {
      return (from == null ? noCondition() : moment.ge(inline(from.atOffset(ZoneOffset.UTC))))
          .and(to == null ? noCondition() : moment.lt(inline(to.atOffset(ZoneOffset.UTC))));
    }
    var day = field(table.equals(USAGE_MONTH_USER) ? "month" : "day", LocalDate.class);
    return (from == null ? noCondition() : day.ge(date(from)))
        .and(to == null ? noCondition() : day.lt(date(to)));
  }

  private static Field<LocalDate> date(Instant time) {
    return inline(time.atOffset(ZoneOffset.UTC).toLocalDate());
  }

  private @Nullable Field<OffsetDateTime> moment() {
    if (table.equals(USAGE_FACT)) {
      return USAGE_FACT.OCCURRED_AT;
    }
    return table.equals(USAGE_QUARTER_MODEL) ? USAGE_QUARTER_MODEL.QUARTER : null;
  }

  /// What a dimension is, of its [KeyType].
  Field<?> key(Dimension dimension, Query query) {
    return switch (dimension) {
      case USER -> field("user_id", UUID.class);
      case AGENT -> field("agent_id", UUID.class);
      case PROJECT -> subject("project_id");
      case SESSION -> subject("session_id");
      case CONVERSATION -> subject("conversation_id");
      case PROVIDER -> field("provider", String.class);
      case MODEL -> field("model", String.class);
      case TIER -> field("tier", String.class);
      case DAY -> day(query);
      case HOUR -> hour(query);
    };
  }

  private Field<UUID> subject(String column) {
    var id = table.equals(USAGE_TOTAL) ? USAGE_TOTAL.SUBJECT_ID : field(column, UUID.class);
    return coalesce(id, inline(Rollup.NOBODY));
  }

  private Field<LocalDate> day(Query query) {
    var moment = moment();
    return moment == null ? field("day", LocalDate.class) : LocalTime.date(moment, query.zone());
  }

  private Field<String> hour(Query query) {
    return LocalTime.hour(Objects.requireNonNull(moment()), query.zone());
  }
}
