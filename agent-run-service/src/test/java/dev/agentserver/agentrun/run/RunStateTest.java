package dev.agentserver.agentrun.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.CancelRunRequest;
import dev.agentserver.agentrun.v1.PauseRunRequest;
import dev.agentserver.agentrun.v1.ResumeRunRequest;
import dev.agentserver.agentrun.v1.RetryRunRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every event in every state: where the machine says so the run moves, and nowhere else.
class RunStateTest extends RunTest {
  /// What can happen to a run.
  enum Happening {
    CANCEL,
    PAUSE,
    RESUME,
    RETRY,
    ACQUIRE,
    COMPLETE,
    FAIL,
    FAIL_RETRYABLE,
    RELEASE,
    ASK,
    LEASE_PASSES,
    DEADLINE_PASSES
  }

  /// The states after each happening; in the order of the states. A dash: nothing moves.
  private static final Map<Happening, List<String>> EXPECTED =
      Map.ofEntries(
          //    PENDING QUEUED RUNNING REQUIRES_ACTION PAUSED CANCELLING, and the five that are over
          row(
              Happening.CANCEL,
              "CANCELLED",
              "CANCELLED",
              "CANCELLING",
              "CANCELLED",
              "CANCELLED",
              "-"),
          row(Happening.PAUSE, "-", "PAUSED", "-", "-", "-", "-"),
          row(Happening.RESUME, "-", "-", "-", "-", "QUEUED", "-"),
          row(Happening.RETRY, "-", "-", "-", "-", "-", "-"),
          row(Happening.ACQUIRE, "-", "RUNNING", "-", "-", "-", "-"),
          row(Happening.COMPLETE, "-", "-", "SUCCEEDED", "-", "-", "CANCELLED"),
          row(Happening.FAIL, "-", "-", "FAILED", "-", "-", "CANCELLED"),
          row(Happening.FAIL_RETRYABLE, "-", "-", "QUEUED", "-", "-", "CANCELLED"),
          row(Happening.RELEASE, "-", "-", "QUEUED", "-", "-", "CANCELLED"),
          row(Happening.ASK, "-", "-", "REQUIRES_ACTION", "-", "-", "-"),
          row(Happening.LEASE_PASSES, "-", "-", "QUEUED", "-", "-", "CANCELLED"),
          row(
              Happening.DEADLINE_PASSES,
              "TIMED_OUT",
              "TIMED_OUT",
              "TIMED_OUT",
              "TIMED_OUT",
              "TIMED_OUT",
              "-"));

  private static Map.Entry<Happening, List<String>> row(Happening what, String... states) {
    return Map.entry(what, List.of(states));
  }

  static Stream<Happening> happenings() {
    return Stream.of(Happening.values());
  }

  @ParameterizedTest
  @MethodSource("happenings")
  void theMachineMovesAsItIsDrawn(Happening happening) {
    for (var state : RunState.values()) {
      var run = in(state);
      try {
        happen(happening, run);
      } catch (StatusRuntimeException refused) {
        // Then nothing moves.
      }
      var expected = state.over() ? "-" : EXPECTED.get(happening).get(state.ordinal());
      var after = now(run);
      assertThat(after)
          .as(happening + " in " + state)
          .isEqualTo(expected.equals("-") ? state.name() : expected);
      assertThat(state.name().equals(after) || state.next().contains(RunState.valueOf(after)))
          .isTrue();
    }
  }

  @Test
  void whatIsOverStaysOverAndEveryStateCanEnd() {
    for (var state : RunState.values()) {
      assertThat(state.next().isEmpty()).isEqualTo(state.over());
      assertThat(reachable(state)).as(state + " ends").anyMatch(RunState::over);
    }
    assertThat(reachable(RunState.PENDING))
        .as("every state is reached")
        .containsAll(EnumSet.complementOf(EnumSet.of(RunState.PENDING)));
  }

  @Test
  void theDatabaseKnowsTheSameStates() {
    var check =
        service
            .column(
                "select pg_get_constraintdef(oid) from pg_constraint where conname = 'run_state_check'")
            .getFirst();
    for (var state : RunState.values()) {
      assertThat(check).contains("'" + state.name() + "'");
    }
    assertThat(check.split("::text").length).isGreaterThan(RunState.values().length);
  }

  private static Set<RunState> reachable(RunState from) {
    var seen = EnumSet.of(from);
    var open = new ArrayList<>(List.of(from));
    while (!open.isEmpty()) {
      for (var next : open.removeLast().next()) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return seen;
  }

  /// A run in the state, leased by the worker where it ever was.
  private UUID in(RunState state) {
    var id = UUID.randomUUID();
    service.sql(
        """
        insert into run (tenant_id, run_id, user_id, agent_id, agent_version, queue, self_execute, state, metadata, attempt,
          max_attempts, lease_epoch, holder_id, lease_expires_at, eligible_at, deadline_at, action_expires_at,
          pause_requested, input_seq, step_count, version, created_at, updated_at, ended_at)
        values ('%1$s', '%2$s', '%3$s', '%4$s', 1, '%2$s', false, '%5$s', '{}', 1, 3, 1, '%6$s', %7$s, %8$s,
          now() + interval '10 year', %9$s, false, 0, 0, 1, now(), now(), %10$s);
        insert into run_lease (tenant_id, run_id, lease_epoch, principal_id, request_id, labels, acquired_at)
        values ('%1$s', '%2$s', 1, '%6$s', '', '{}', now())"""
            .formatted(
                TENANT,
                id,
                alice.caller().principalId(),
                agent,
                state,
                worker.caller().principalId(),
                state.leased() ? "now() + interval '10 year'" : "null",
                state == RunState.QUEUED ? "now()" : "null",
                state == RunState.REQUIRES_ACTION ? "now() + interval '10 year'" : "null",
                state.over() ? "now()" : "null"));
    return id;
  }

  private void happen(Happening happening, UUID id) {
    var lease =
        dev.agentserver.agentrun.v1.RunLease.newBuilder()
            .setRun(dev.agentserver.agentrun.v1.Run.newBuilder().setId(id.toString()))
            .setLeaseEpoch(1)
            .build();
    var runs = alice.runs();
    switch (happening) {
      case CANCEL -> runs.cancelRun(CancelRunRequest.newBuilder().setRunId(id.toString()).build());
      case PAUSE -> runs.pauseRun(PauseRunRequest.newBuilder().setRunId(id.toString()).build());
      case RESUME -> runs.resumeRun(ResumeRunRequest.newBuilder().setRunId(id.toString()).build());
      case RETRY -> runs.retryRun(RetryRunRequest.newBuilder().setRunId(id.toString()).build());
      case ACQUIRE -> worker.acquire(id.toString());
      case COMPLETE -> worker.complete(lease);
      case FAIL -> worker.fail(lease, false);
      case FAIL_RETRYABLE -> worker.fail(lease, true);
      case RELEASE -> worker.release(lease);
      case ASK -> worker.tool(lease, "deploy", ASKED);
      case LEASE_PASSES -> {
        service.sql(
            "update run set lease_expires_at = now() where lease_expires_at is not null and run_id = '%s'"
                .formatted(id));
        service.pass(Duration.ZERO);
      }
      case DEADLINE_PASSES -> {
        service.sql("update run set deadline_at = now() where run_id = '%s'".formatted(id));
        service.pass(Duration.ZERO);
      }
    }
  }

  private String now(UUID id) {
    return service.column("select state from run where run_id = '%s'".formatted(id)).getFirst();
  }
}
