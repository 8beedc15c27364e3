package dev.agentserver.agentrun.ledger.rollup;

import static dev.agentserver.agentrun.db.Tables.USAGE_DAY_AGENT_MODEL;
import static dev.agentserver.agentrun.db.Tables.USAGE_DAY_MODEL;
import static dev.agentserver.agentrun.db.Tables.USAGE_DAY_USER;
import static dev.agentserver.agentrun.db.Tables.USAGE_FACT;
import static dev.agentserver.agentrun.db.Tables.USAGE_MONTH_USER;
import static dev.agentserver.agentrun.db.Tables.USAGE_QUARTER_MODEL;
import static dev.agentserver.agentrun.db.Tables.USAGE_TOTAL;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/// A table of sums: what its keys are, and what they are of the ledger.
///
/// @param only which of the table's rows are meant
public record Rollup(Table<?> table, List<Key<?>> keys, Condition only) {
  /// Stands for no user and no agent where a key must not be empty.
  public static final UUID NOBODY = new UUID(0, 0);

  private static final long QUARTER = 15L * 60;

  /// A part of the key.
  ///
  /// @param field of the table
  /// @param fact the same of a row of the ledger
  /// @param of the same of a movement; null: the movement is not in this table
  public record Key<T>(Field<T> field, Field<T> fact, Function<Movement, @Nullable T> of) {}

  /// The totals of sessions.
  static final Rollup SESSIONS =
      total("SESSION", USAGE_FACT.SESSION_ID, move -> move.who().sessionId());

  /// All of them, in the order in which they are written.
  public static final List<Rollup> ALL =
      List.of(
          of(
              USAGE_QUARTER_MODEL,
              new Key<>(
                  USAGE_QUARTER_MODEL.QUARTER,
                  USAGE_FACT.QUARTER,
                  move -> quarter(move.occurredAt())),
              provider(USAGE_QUARTER_MODEL.PROVIDER),
              model(USAGE_QUARTER_MODEL.MODEL)),
          of(
              USAGE_DAY_MODEL,
              day(USAGE_DAY_MODEL.DAY),
              provider(USAGE_DAY_MODEL.PROVIDER),
              model(USAGE_DAY_MODEL.MODEL)),
          of(USAGE_DAY_USER, day(USAGE_DAY_USER.DAY), user(USAGE_DAY_USER.USER_ID)),
          of(
              USAGE_DAY_AGENT_MODEL,
              day(USAGE_DAY_AGENT_MODEL.DAY),
              new Key<>(
                  USAGE_DAY_AGENT_MODEL.AGENT_ID,
                  USAGE_FACT.AGENT_ID,
                  move -> orNobody(move.who().agentId())),
              provider(USAGE_DAY_AGENT_MODEL.PROVIDER),
              model(USAGE_DAY_AGENT_MODEL.MODEL)),
          of(
              USAGE_MONTH_USER,
              new Key<>(
                  USAGE_MONTH_USER.MONTH,
                  USAGE_FACT.MONTH,
                  move -> date(move.occurredAt()).withDayOfMonth(1)),
              user(USAGE_MONTH_USER.USER_ID)),
          total("CONVERSATION", USAGE_FACT.CONVERSATION_ID, move -> move.who().conversationId()),
          total("PROJECT", USAGE_FACT.PROJECT_ID, move -> move.who().projectId()),
          total("RUN", USAGE_FACT.RUN_ID, move -> move.who().runId()),
          SESSIONS);

  private static Rollup of(Table<?> table, Key<?>... keys) {
    return new Rollup(table, List.of(keys), noCondition());
  }

  private static Rollup total(
      String subject, Field<UUID> fact, Function<Movement, @Nullable UUID> of) {
    return new Rollup(
        USAGE_TOTAL,
        List.of(
            new Key<>(USAGE_TOTAL.SUBJECT, inline(subject), _ -> subject),
            new Key<>(USAGE_TOTAL.SUBJECT_ID, fact, of)),
        USAGE_TOTAL.SUBJECT.eq(subject));
  }

  private static Key<LocalDate> day(Field<LocalDate> field) {
    return new Key<>(field, USAGE_FACT.DAY, move -> date(move.occurredAt()));
  }

  private static Key<UUID> user(Field<UUID> field) {
    return new Key<>(field, USAGE_FACT.USER_ID, move -> orNobody(move.who().userId()));
  }

  private static Key<String> provider(Field<String> field) {
    return new Key<>(field, USAGE_FACT.PROVIDER, Movement::provider);
  }

  private static Key<String> model(Field<String> field) {
    return new Key<>(field, USAGE_FACT.MODEL, Movement::model);
  }

  private static UUID orNobody(@Nullable UUID id) {
    return Objects.requireNonNullElse(id, NOBODY);
  }

  private static OffsetDateTime quarter(Instant time) {
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), QUARTER) * QUARTER)
        .atOffset(ZoneOffset.UTC);
  }

  private static LocalDate date(Instant time) {
    return time.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /// The tenant's column.
  public Field<UUID> tenant() {
    return column("tenant_id", UUID.class);
  }

  /// How many events.
  public Field<Long> events() {
    return column("events", Long.class);
  }

  /// How many of them without a price.
  public Field<Long> unpriced() {
    return column("unpriced_events", Long.class);
  }

  /// The tokens that went in.
  public Field<BigDecimal> inputTokens() {
    return column("input_tokens", BigDecimal.class);
  }

  /// The tokens that came out.
  public Field<BigDecimal> outputTokens() {
    return column("output_tokens", BigDecimal.class);
  }

  /// US dollars.
  public Field<BigDecimal> cost() {
    return column("cost", BigDecimal.class);
  }

  private <T> Field<T> column(String name, Class<T> type) {
    return Objects.requireNonNull(table.field(name, type), name);
  }
}
