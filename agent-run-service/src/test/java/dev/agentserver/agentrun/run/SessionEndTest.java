package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.AdvancePhaseRequest;
import dev.agentserver.agentrun.v1.CompleteSessionRequest;
import dev.agentserver.agentrun.v1.DeleteSessionRequest;
import dev.agentserver.agentrun.v1.FailSessionRequest;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.Run.State;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.SessionServiceGrpc;
import io.grpc.Status.Code;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of runs when their session ends.
class SessionEndTest extends SessionRunTest {
  @ParameterizedTest
  @ValueSource(strings = {"COMPLETE", "FAIL", "CANCEL", "EXPIRE", "DONE"})
  void itsRunsEndWithASession(String how) {
    var session = session(how.equals("DONE") ? Session.Type.TYPE_QUICK : Session.Type.TYPE_CHAT);
    var lease = acquire(alice.create(in(session)));
    var pending = alice.create(behind(session));
    var parent = lease.getRun().getId();
    var asking = alice.create(in(session).setParentRunId(parent));
    worker.tool(acquire(asking), "deploy", ASKED);
    var waiting = alice.create(in(session).setParentRunId(parent));
    if (how.equals("COMPLETE") || how.equals("DONE")) {
      alice.runs().cancelRun(cancelRequest(asking));
    }
    end(session, how);

    assertThat(state(lease.getRun())).isEqualTo(State.STATE_CANCELLING);
    assertThat(worker.heartbeat(lease).getCancelRequested()).isTrue();
    assertThat(state(pending)).isEqualTo(State.STATE_CANCELLED);
    assertThat(state(asking)).isEqualTo(State.STATE_CANCELLED);
    assertThat(state(waiting)).isEqualTo(State.STATE_CANCELLED);
    assertThat(worker.complete(lease).getState()).isEqualTo(State.STATE_CANCELLED);
    assertThat(get(session).getState().name())
        .isIn("STATE_COMPLETE", "STATE_FAILED", "STATE_CANCELLED");
    assertThat(open(session)).isZero();
    assertThat(column("open_interrupts", session)).isEqualTo("0");
  }

  private static dev.agentserver.agentrun.v1.CancelRunRequest cancelRequest(Run run) {
    return dev.agentserver.agentrun.v1.CancelRunRequest.newBuilder().setRunId(run.getId()).build();
  }

  private void end(String session, String how) {
    switch (how) {
      case "COMPLETE" ->
          sessions.completeSession(
              CompleteSessionRequest.newBuilder().setSessionId(session).build());
      case "FAIL" ->
          sessions.failSession(FailSessionRequest.newBuilder().setSessionId(session).build());
      case "CANCEL" -> assertThat(cancel(session)).isEqualTo(get(session));
      case "EXPIRE" -> {
        service.sql(
            "update session set expires_at = now() - interval '1 second' where session_id = '%s'"
                .formatted(session));
        service.expire();
      }
      default -> {
        service.sql(
            "update session set phase = 'BUILD' where session_id = '%s'".formatted(session));
        sessions.advancePhase(done(session));
      }
    }
  }

  private static AdvancePhaseRequest done(String session) {
    return AdvancePhaseRequest.newBuilder()
        .setSessionId(session)
        .setPhase(Phase.PHASE_DONE)
        .build();
  }

  @Test
  void aRunThatCompletesItsSessionGoesOnToItsOwnEnd() {
    var session = session(Session.Type.TYPE_QUICK);
    var lease = acquire(alice.create(in(session)));
    var pending = alice.create(behind(session));
    service.sql("update session set phase = 'BUILD' where session_id = '%s'".formatted(session));
    var itself = service.bearer(lease.getToken().getToken());
    SessionServiceGrpc.newBlockingStub(itself.channel()).advancePhase(done(session));
    assertThat(state(session)).isEqualTo(Session.State.STATE_COMPLETE);
    assertThat(state(pending)).isEqualTo(State.STATE_CANCELLED);
    assertThat(worker.complete(lease).getState()).isEqualTo(State.STATE_SUCCEEDED);
  }

  @Test
  void manyRunsEndBatchByBatch() {
    var session = session();
    alice.create(in(session));
    fill(session, 230);
    cancel(session);
    assertThat(open(session)).isEqualTo(131);
    assertThat(service.endRuns()).isEqualTo(1);
    assertThat(open(session)).isEqualTo(31);
    assertThat(service.endRuns()).isEqualTo(1);
    assertThat(open(session)).isZero();
    assertThat(service.endRuns()).isZero();
  }

  @Test
  void whatASessionHadIsEndedBeforeItIsDeleted() {
    var session = session();
    var lease = acquire(alice.create(in(session)));
    alice.create(behind(session));
    sessions.deleteSession(DeleteSessionRequest.newBuilder().setSessionId(session).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.get(lease.getRun()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> worker.heartbeat(lease));
    assertThat(
            service.column(
                "select count(*) from outbox_fact where type = 'run.completed' and subject_id = '%s'"
                    .formatted(lease.getRun().getId())))
        .containsExactly("1");
  }

  @Test
  void theRunsOfADeletedConversationEndAndTellItInItsStream() {
    var conversation = UUID.randomUUID();
    var lease = acquire(alice.create(wanted().setConversationId(conversation.toString())));
    var child =
        alice.create(
            wanted()
                .setConversationId(conversation.toString())
                .setParentRunId(lease.getRun().getId()));
    service.deleted(alice, conversation);
    assertThat(state(lease.getRun())).isEqualTo(State.STATE_CANCELLED);
    assertThat(state(child)).isEqualTo(State.STATE_CANCELLED);
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> worker.heartbeat(lease));
    assertThat(
            service.column(
                """
                select count(*) from run_event e join event_stream s using (tenant_id, stream_id)
                where s.subject_id = '%s' and e.kind = 'run.cancelled'"""
                    .formatted(conversation)))
        .containsExactly("2");
  }

  private int open(String session) {
    return Integer.parseInt(
        service
            .column(
                "select count(*) from run where session_id = '%s' and ended_at is null"
                    .formatted(session))
            .getFirst());
  }

  private String column(String name, String session) {
    return service
        .column("select %s from session where session_id = '%s'".formatted(name, session))
        .getFirst();
  }

  private void fill(String session, int count) {
    service.sql(
        """
        insert into run (tenant_id, run_id, user_id, queue, self_execute, state, concurrency_key, session_id, metadata,
          attempt, max_attempts, lease_epoch, deadline_at, pause_requested, input_seq, step_count, version, created_at,
          updated_at)
        select '%1$s', gen_random_uuid(), '%2$s', 'none', false, 'PENDING', '%3$s', '%3$s', '{}', 0, 3, 0,
          now() + interval '1 day', false, 0, 0, 1, now(), now() from generate_series(1, %4$d)"""
            .formatted(TENANT, alice.caller().principalId(), session, count));
  }
}
