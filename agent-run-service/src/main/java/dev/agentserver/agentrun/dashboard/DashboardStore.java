package dev.agentserver.agentrun.dashboard;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.USAGE_TOTAL;
import static org.jooq.impl.DSL.avg;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.percentileDisc;

import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.agentrun.ledger.query.QueryStore.Group;
import dev.agentserver.agentrun.run.RunState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/// What a dashboard shows beside the sums of usage.
final class DashboardStore {
  private static final Field<Double> SECONDS = epoch(RUN.ENDED_AT).minus(epoch(RUN.STARTED_AT));

  private static Field<Double> epoch(Field<OffsetDateTime> time) {
    return function("date_part", Double.class, inline("epoch"), time);
  }

  /// The runs that were created from one time to another.
  ///
  /// @param userId null: of all users
  View.Runs runs(DSLContext db, UUID tenantId, @Nullable UUID userId, Instant start, Instant end) {
    var which =
        RUN.TENANT_ID
            .eq(tenantId)
            .and(userId == null ? noCondition() : RUN.USER_ID.eq(userId))
            .and(RUN.CREATED_AT.ge(start.atOffset(ZoneOffset.UTC)))
            .and(RUN.CREATED_AT.lt(end.atOffset(ZoneOffset.UTC)));
    var states =
        db.select(RUN.STATE, count())
            .from(RUN)
            .where(which)
            .groupBy(RUN.STATE)
            .fetchMap(row -> RunState.valueOf(row.value1()), row -> row.value2());
    return durations(db, which, states);
  }

  private static View.Runs durations(
      DSLContext db, Condition which, Map<RunState, Integer> states) {
    var average = avg(SECONDS);
    var p95 = percentileDisc(0.95).withinGroupOrderBy(SECONDS);
    var row =
        db.select(average, p95)
            .from(RUN)
            .where(which)
            .and(RUN.ENDED_AT.isNotNull())
            .and(RUN.STARTED_AT.isNotNull())
            .fetchSingle();
    return new View.Runs(states, duration(row.get(average)), duration(row.get(p95)));
  }

  private static @Nullable Duration duration(@Nullable BigDecimal seconds) {
    return seconds == null
        ? null
        : Duration.ofMillis(
            seconds.movePointRight(3).setScale(0, RoundingMode.HALF_EVEN).longValue());
  }

  /// The conversations of the tenant that have cost most since they began.
  List<Group> conversations(DSLContext db, UUID tenantId, int limit) {
    return db.selectFrom(USAGE_TOTAL)
        .where(USAGE_TOTAL.TENANT_ID.eq(tenantId))
        .and(USAGE_TOTAL.SUBJECT.eq("CONVERSATION"))
        .orderBy(USAGE_TOTAL.COST.desc(), USAGE_TOTAL.SUBJECT_ID)
        .limit(limit)
        .fetch(
            row ->
                new Group(
                    List.of(row.get(USAGE_TOTAL.SUBJECT_ID).toString()),
                    new Sum(
                        row.get(USAGE_TOTAL.EVENTS),
                        row.get(USAGE_TOTAL.UNPRICED_EVENTS),
                        row.get(USAGE_TOTAL.INPUT_TOKENS),
                        row.get(USAGE_TOTAL.OUTPUT_TOKENS),
                        row.get(USAGE_TOTAL.COST))));
  }
}
