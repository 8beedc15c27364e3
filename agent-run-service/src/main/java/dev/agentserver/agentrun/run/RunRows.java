package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static org.jooq.impl.DSL.inline;

import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.run.Run.Progress;
import dev.agentserver.agentrun.run.Run.Terms;
import dev.agentserver.agentrun.text.MetadataJson;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// A run's row, and the run it is.
final class RunRows {
  private static final String NOW = "read_at";

  /// What is small.
  private static final List<Field<?>> SMALL =
      List.of(
          RUN.TENANT_ID,
          RUN.RUN_ID,
          RUN.USER_ID,
          RUN.SESSION_ID,
          RUN.CONVERSATION_ID,
          RUN.AGENT_ID,
          RUN.AGENT_VERSION,
          RUN.TYPE,
          RUN.QUEUE,
          RUN.SELF_EXECUTE,
          RUN.CONCURRENCY_KEY,
          RUN.INPUT_MESSAGE_ID,
          RUN.PARENT_RUN_ID,
          RUN.RETRY_OF_RUN_ID,
          RUN.EXTERNAL_ID,
          RUN.METADATA,
          RUN.MAX_ATTEMPTS,
          RUN.CREATED_AT,
          RUN.DEADLINE_AT,
          RUN.STATE,
          RUN.ATTEMPT,
          RUN.LEASE_EPOCH,
          RUN.HOLDER_ID,
          RUN.LEASE_EXPIRES_AT,
          RUN.ACTION_EXPIRES_AT,
          RUN.PAUSE_REQUESTED,
          RUN.SUPERSEDED_BY,
          RUN.ACTIVE_MS,
          RUN.ACTIVE_SINCE,
          RUN.INPUT_SEQ,
          RUN.STEP_COUNT,
          RUN.OUTPUT_MESSAGE_ID,
          RUN.EXTERNAL_SESSION_ID,
          RUN.ERROR_REASON,
          RUN.ERROR_MESSAGE,
          RUN.STARTED_AT,
          RUN.ENDED_AT,
          RUN.UPDATED_AT);

  private RunRows() {}

  /// The states are part of the statement's text, as they are of the indexes that hold those runs
  /// alone: a plan that is kept for whatever states it may be given cannot use such an index.
  static Condition is(Set<RunState> states) {
    return RUN.STATE.in(states.stream().map(state -> inline(state.name())).toList());
  }

  /// Everything but input and output.
  static List<Field<?>> small(RunClock clock) {
    return with(clock, List.of());
  }

  static List<Field<?>> whole(RunClock clock) {
    return with(clock, List.of(RUN.INPUT, RUN.OUTPUT));
  }

  private static List<Field<?>> with(RunClock clock, List<Field<?>> more) {
    var fields = new ArrayList<>(SMALL);
    fields.addAll(more);
    fields.add(clock.now().as(NOW));
    return fields;
  }

  static Run run(Record row) {
    return new Run(
        new RunKey(
            row.get(RUN.TENANT_ID),
            row.get(RUN.RUN_ID),
            row.get(RUN.USER_ID),
            row.get(RUN.SESSION_ID),
            row.get(RUN.CONVERSATION_ID)),
        terms(row),
        progress(row),
        row.field(RUN.INPUT) == null ? null : json(row.get(RUN.INPUT)),
        row.field(RUN.OUTPUT) == null ? null : json(row.get(RUN.OUTPUT)),
        row.get(NOW, OffsetDateTime.class).toInstant());
  }

  private static Terms terms(Record row) {
    return new Terms(
        row.get(RUN.AGENT_ID),
        Objects.requireNonNullElse(row.get(RUN.AGENT_VERSION), 0),
        row.get(RUN.TYPE),
        row.get(RUN.QUEUE),
        row.get(RUN.SELF_EXECUTE),
        row.get(RUN.CONCURRENCY_KEY),
        row.get(RUN.INPUT_MESSAGE_ID),
        row.get(RUN.PARENT_RUN_ID),
        row.get(RUN.RETRY_OF_RUN_ID),
        row.get(RUN.EXTERNAL_ID),
        MetadataJson.read(row.get(RUN.METADATA).data()),
        row.get(RUN.MAX_ATTEMPTS),
        row.get(RUN.CREATED_AT).toInstant(),
        row.get(RUN.DEADLINE_AT).toInstant());
  }

  private static Progress progress(Record row) {
    return new Progress(
        RunState.valueOf(row.get(RUN.STATE)),
        row.get(RUN.ATTEMPT),
        row.get(RUN.LEASE_EPOCH),
        row.get(RUN.HOLDER_ID),
        instant(row.get(RUN.LEASE_EXPIRES_AT)),
        instant(row.get(RUN.ACTION_EXPIRES_AT)),
        row.get(RUN.PAUSE_REQUESTED),
        row.get(RUN.SUPERSEDED_BY),
        Duration.ofMillis(row.get(RUN.ACTIVE_MS)),
        instant(row.get(RUN.ACTIVE_SINCE)),
        row.get(RUN.INPUT_SEQ),
        row.get(RUN.STEP_COUNT),
        row.get(RUN.OUTPUT_MESSAGE_ID),
        row.get(RUN.EXTERNAL_SESSION_ID),
        fault(row.get(RUN.ERROR_REASON), row.get(RUN.ERROR_MESSAGE)),
        instant(row.get(RUN.STARTED_AT)),
        instant(row.get(RUN.ENDED_AT)),
        row.get(RUN.UPDATED_AT).toInstant());
  }

  static @Nullable Fault fault(@Nullable String reason, @Nullable String message) {
    return reason == null ? null : new Fault(reason, Objects.requireNonNullElse(message, ""));
  }

  static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  static @Nullable String json(@Nullable JSONB value) {
    return value == null ? null : value.data();
  }

  static @Nullable JSONB jsonb(@Nullable String value) {
    return value == null ? null : JSONB.valueOf(value);
  }
}
