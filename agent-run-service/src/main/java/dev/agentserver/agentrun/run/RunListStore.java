package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// Runs as their users see them: one, or a list from one index.
final class RunListStore {
  /// The sort key of a row: what a page token holds.
  record Position(Instant createdAt, UUID runId) {}

  private final RunClock clock;

  RunListStore(RunClock clock) {
    this.clock = clock;
  }

  Optional<Run> find(DSLContext db, Caller caller, Access access, UUID runId) {
    return db.select(RunRows.whole(clock))
        .from(RUN)
        .where(RUN.RUN_ID.eq(runId))
        .and(access.to(caller))
        .fetchOptional(RunRows::run);
  }

  /// @param after the last row of the page before; null: from the top
  List<Run> list(
      DSLContext db, Caller caller, RunFilter filter, @Nullable Position after, int limit) {
    return db.select(RunRows.small(clock))
        .from(RUN)
        .where(Access.READ.to(caller))
        .and(same(RUN.AGENT_ID, filter.agentId()))
        .and(same(RUN.USER_ID, filter.userId()))
        .and(same(RUN.SESSION_ID, filter.sessionId()))
        .and(same(RUN.CONVERSATION_ID, filter.conversationId()))
        .and(same(RUN.PARENT_RUN_ID, filter.parentRunId()))
        .and(same(RUN.ERROR_REASON, filter.errorReason()))
        .and(same(RUN.EXTERNAL_ID, filter.externalId()))
        .and(
            filter.states().isEmpty()
                ? noCondition()
                : RUN.STATE.in(filter.states().stream().map(RunState::name).toList()))
        .and(times(filter))
        .and(duration(filter.minDuration(), filter.maxDuration()))
        .and(metadata(filter))
        .and(after == null ? noCondition() : beyond(after))
        .orderBy(RUN.CREATED_AT.desc(), RUN.RUN_ID.desc())
        .limit(limit)
        .fetch(RunRows::run);
  }

  private static <T> Condition same(Field<T> field, @Nullable T value) {
    return value == null ? noCondition() : field.eq(value);
  }

  private static Condition times(RunFilter filter) {
    var from =
        filter.startTime() == null
            ? noCondition()
            : RUN.CREATED_AT.ge(filter.startTime().atOffset(ZoneOffset.UTC));
    return filter.endTime() == null
        ? from
        : from.and(RUN.CREATED_AT.lt(filter.endTime().atOffset(ZoneOffset.UTC)));
  }

  private Condition duration(@Nullable Duration min, @Nullable Duration max) {
    var end = coalesce(RUN.ENDED_AT, clock.now());
    var least = min == null ? noCondition() : end.ge(RUN.STARTED_AT.plus(DayToSecond.valueOf(min)));
    return max == null ? least : least.and(end.le(RUN.STARTED_AT.plus(DayToSecond.valueOf(max))));
  }

  private static Condition metadata(RunFilter filter) {
    var condition = noCondition();
    for (var pair : filter.metadata().entrySet()) {
      condition =
          condition.and(jsonbGetAttributeAsText(RUN.METADATA, pair.getKey()).eq(pair.getValue()));
    }
    return condition;
  }

  private static Condition beyond(Position after) {
    return row(RUN.CREATED_AT, RUN.RUN_ID)
        .lt(row(val(after.createdAt().atOffset(ZoneOffset.UTC)), val(after.runId())));
  }
}
