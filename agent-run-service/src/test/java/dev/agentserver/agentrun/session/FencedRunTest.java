package dev.agentserver.agentrun.session;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.AdvancePhaseRequest;
import dev.agentserver.agentrun.v1.CompleteCheckpointRequest;
import dev.agentserver.agentrun.v1.CreateCheckpointRequest;
import dev.agentserver.agentrun.v1.DeleteCheckpointRequest;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.PutArtifactRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.SessionFile;
import dev.agentserver.agentrun.v1.SyncArtifactsRequest;
import io.grpc.Status.Code;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What a run writes into its session by a token whose lease is not there any more.
class FencedRunTest extends Scenes {
  @Test
  void aWorkerThatComesBackLateWritesNothing() {
    var session = create(alice, Session.Type.TYPE_QUICK);
    put(session, "ACTIVE");
    var run = by(runIn(alice.caller(), session.getId()));
    for (var write : writes(run, session.getId())) {
      assertThat(failure(write)).as("its lease is there").isNull();
    }
    for (var end :
        List.of(
            "update agent_run.run set lease_epoch = 2",
            "update agent_run.run set lease_epoch = 1, state = 'REQUIRES_ACTION', lease_expires_at = null,"
                + " action_expires_at = now() + interval '1 day'",
            "update agent_run.run set state = 'SUCCEEDED', action_expires_at = null, ended_at = now()",
            "delete from agent_run.run")) {
      service.sql(end + " where run_id = '" + run.caller().run().runId() + "'");
      var before = all(session);
      for (var write : writes(run, session.getId())) {
        assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", write);
      }
      assertThat(all(session)).isEqualTo(before);
    }
    assertThat(get(run, session.getId()).getId()).as("it may read").isEqualTo(session.getId());
  }

  private static Throwable failure(ThrowingCallable write) {
    try {
      write.call();
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }

  /// Everything that a run may write, in an order in which all of it can be done.
  private static List<ThrowingCallable> writes(Somebody run, String session) {
    return List.of(
        () ->
            run.artifacts()
                .putArtifact(
                    PutArtifactRequest.newBuilder()
                        .setSessionId(session)
                        .setKey("plan")
                        .setContent("the plan")
                        .build()),
        () ->
            run.artifacts()
                .syncArtifacts(
                    SyncArtifactsRequest.newBuilder()
                        .setSessionId(session)
                        .addFiles(
                            SessionFile.newBuilder().setPath("spec.md").setContent("the spec"))
                        .build()),
        () ->
            run.checkpoints()
                .createCheckpoint(
                    CreateCheckpointRequest.newBuilder()
                        .setSessionId(session)
                        .setNumber(7)
                        .setTitle("c")
                        .build()),
        () ->
            run.checkpoints()
                .completeCheckpoint(
                    CompleteCheckpointRequest.newBuilder()
                        .setSessionId(session)
                        .setNumber(7)
                        .build()),
        () ->
            run.checkpoints()
                .deleteCheckpoint(
                    DeleteCheckpointRequest.newBuilder()
                        .setSessionId(session)
                        .setNumber(7)
                        .build()),
        () ->
            run.sessions()
                .advancePhase(
                    AdvancePhaseRequest.newBuilder()
                        .setSessionId(session)
                        .setPhase(Phase.PHASE_BUILD)
                        .build()));
  }

  private String all(Session session) {
    return everything(session)
        + service.column(
            """
            select (select coalesce(string_agg(a::text, ',' order by key, revision), '')
                from agent_run.session_artifact_revision a where a.session_id = s.session_id)
              || (select coalesce(string_agg(c::text, ',' order by number), '')
                from agent_run.session_checkpoint c where c.session_id = s.session_id)
              from agent_run.session s where s.session_id = '%s'"""
                .formatted(session.getId()));
  }
}
