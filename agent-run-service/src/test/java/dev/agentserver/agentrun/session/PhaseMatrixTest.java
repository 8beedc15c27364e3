package dev.agentserver.agentrun.session;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentserver.agentrun.v1.AdvancePhaseRequest;
import dev.agentserver.agentrun.v1.CompleteCheckpointRequest;
import dev.agentserver.agentrun.v1.CreateCheckpointRequest;
import dev.agentserver.agentrun.v1.ListSessionPhasesRequest;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.PutArtifactRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.Session.State;
import dev.agentserver.agentrun.v1.Session.Type;
import dev.agentserver.agentrun.v1.SessionPhase;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every phase after every phase in every type of session: what is listed here works, everything
/// else is refused and changes nothing.
class PhaseMatrixTest extends Scenes {
  private static final List<String> PHASES = List.of("SPEC", "PLAN", "BUILD", "DOCS", "DONE");

  private static final Set<String> LEGAL =
      Set.of(
          "FULL SPEC PLAN",
          "FULL PLAN BUILD",
          "FULL BUILD DOCS",
          "FULL BUILD DONE",
          "FULL DOCS DONE",
          "FULL PLAN SPEC",
          "FULL BUILD SPEC",
          "FULL BUILD PLAN",
          "FULL DOCS SPEC",
          "FULL DOCS PLAN",
          "FULL DOCS BUILD",
          "QUICK PLAN BUILD",
          "QUICK BUILD DOCS",
          "QUICK BUILD DONE",
          "QUICK DOCS DONE",
          "QUICK BUILD PLAN",
          "QUICK DOCS PLAN",
          "QUICK DOCS BUILD");

  record Case(String type, String from, String to) {
    boolean isPhased() {
      return type.equals("FULL") || type.equals("QUICK");
    }
  }

  static Stream<Case> cases() {
    return Stream.of("FULL", "QUICK", "RESEARCH", "CHAT")
        .flatMap(
            type ->
                PHASES.stream()
                    .filter(from -> !type.equals("QUICK") || !from.equals("SPEC"))
                    .flatMap(from -> PHASES.stream().map(to -> new Case(type, from, to))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyStepIsLegalWhereItIsListedAndNowhereElse(Case each) {
    for (var force : List.of(false, true)) {
      var session = in(each);
      var before = everything(session);
      var legal =
          force
              ? isWithin(each)
              : LEGAL.contains(each.type() + " " + each.from() + " " + each.to());
      if (legal) {
        var moved = advance(owner, session, each.to(), force);
        assertThat(moved.getPhase()).isEqualTo(Phase.valueOf("PHASE_" + each.to()));
        assertThat(moved.getState())
            .isEqualTo(each.to().equals("DONE") ? State.STATE_COMPLETE : State.STATE_ACTIVE);
        assertThat(get(owner, session.getId())).isEqualTo(moved);
      } else {
        var reason =
            each.from().equals("DONE") && isPhased(each)
                ? "INVALID_STATE_TRANSITION"
                : "INVALID_PHASE_TRANSITION";
        assertProblem(
            Code.FAILED_PRECONDITION, reason, () -> advance(owner, session, each.to(), force));
        assertThat(everything(session)).isEqualTo(before);
      }
    }
  }

  /// A step that is one at all, so that it is the state that refuses it after the end.
  private static boolean isPhased(Case each) {
    return each.isPhased()
        && !each.from().equals(each.to())
        && !(each.type().equals("QUICK") && each.to().equals("SPEC"));
  }

  private static boolean isWithin(Case each) {
    return isPhased(each) && !each.from().equals("DONE");
  }

  /// A session that has what every step takes.
  private Session in(Case each) {
    var session = create(owner, Type.valueOf("TYPE_" + each.type()));
    put(session, each.from().equals("DONE") && each.isPhased() ? "COMPLETE" : "ACTIVE");
    if (each.isPhased()) {
      service.sql(
          "update agent_run.session set phase = '%s' where session_id = '%s'"
              .formatted(each.from(), session.getId()));
      service.sql(
          """
          insert into agent_run.session_artifact select tenant_id, session_id, key, 1, 'text/plain', now(), now()
          from agent_run.session, unnest(array['spec', 'plan']) key where session_id = '%s'"""
              .formatted(session.getId()));
    }
    return session;
  }

  @Test
  void inEveryOtherStateNoPhaseIsEntered() {
    for (var state : List.of("CREATED", "WAITING", "PAUSED", "COMPLETE", "FAILED", "CANCELLED")) {
      var session = in(new Case("FULL", "SPEC", "PLAN"));
      put(session, state);
      var before = everything(session);
      for (var force : List.of(false, true)) {
        assertProblem(
                Code.FAILED_PRECONDITION,
                "INVALID_STATE_TRANSITION",
                () -> advance(owner, session, "PLAN", force))
            .containsEntry("state", state);
      }
      assertThat(everything(session)).isEqualTo(before);
    }
  }

  @Test
  void whatAPhaseNeedsMustBeThere() {
    var session = create(alice, Type.TYPE_FULL);
    put(session, "ACTIVE");
    refused(session, "PLAN", "spec");
    artifact(session, "spec");
    advance(alice, session, "PLAN", false);
    refused(session, "BUILD", "plan");
    artifact(session, "plan");
    advance(alice, session, "BUILD", false);
    for (var title : List.of("one", "two", "three")) {
      alice
          .checkpoints()
          .createCheckpoint(
              CreateCheckpointRequest.newBuilder()
                  .setSessionId(session.getId())
                  .setTitle(title)
                  .build());
    }
    for (var number = 1; number <= 3; number++) {
      refused(session, "DOCS", "checkpoints");
      refused(session, "DONE", "checkpoints");
      alice
          .checkpoints()
          .completeCheckpoint(
              CompleteCheckpointRequest.newBuilder()
                  .setSessionId(session.getId())
                  .setNumber(number)
                  .build());
    }
    advance(alice, session, "DOCS", false);
    assertThat(advance(alice, session, "DONE", false).getState()).isEqualTo(State.STATE_COMPLETE);
    assertThat(kinds(session))
        .containsExactly(
            "phase.entered", "phase.entered", "phase.entered", "phase.entered", "session.complete");
  }

  private List<String> kinds(Session session) {
    return service.column(
        """
        select e.kind from agent_run.run_event e join agent_run.event_stream s using (tenant_id, stream_id)
        where s.subject_id = '%s' order by e.seq"""
            .formatted(session.getId()));
  }

  @Test
  void aStepBackIsAnotherAttempt() {
    var session = create(alice, Type.TYPE_QUICK);
    put(session, "ACTIVE");
    artifact(session, "plan");
    advance(alice, session, "BUILD", false);
    advance(alice, session, "PLAN", false);
    advance(alice, session, "BUILD", false);
    var page =
        alice
            .sessions()
            .listSessionPhases(
                ListSessionPhasesRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setPageSize(3)
                    .build());
    assertThat(page.getPhasesList())
        .extracting(SessionPhase::getPhase, SessionPhase::getAttempt, SessionPhase::hasLeftAt)
        .containsExactly(
            tuple(Phase.PHASE_PLAN, 1, true),
            tuple(Phase.PHASE_BUILD, 1, true),
            tuple(Phase.PHASE_PLAN, 2, true));
    var rest =
        alice
            .sessions()
            .listSessionPhases(
                ListSessionPhasesRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setPageSize(3)
                    .setPageToken(page.getNextPageToken())
                    .build());
    assertThat(rest.getPhasesList())
        .extracting(SessionPhase::getPhase, SessionPhase::getAttempt, SessionPhase::hasLeftAt)
        .containsExactly(tuple(Phase.PHASE_BUILD, 2, false));
    assertThat(rest.getNextPageToken()).isEmpty();
  }

  @Test
  void onlyWhoMayForceForcesAndItIsInTheTrail() {
    var session = create(alice, Type.TYPE_FULL);
    put(session, "ACTIVE");
    var before = everything(session);
    assertProblem(
            Code.PERMISSION_DENIED,
            "PERMISSION_DENIED",
            () -> advance(alice, session, "DONE", true))
        .containsEntry("permission", "session:force");
    assertThat(everything(session)).isEqualTo(before);
    assertThat(advance(owner, session, "DONE", true).getState()).isEqualTo(State.STATE_COMPLETE);
    assertThat(
            service.column(
                "select outcome from agent_run.audit_entry where resource_id = '"
                    + session.getId()
                    + "'"))
        .containsExactly("DONE");
  }

  private void artifact(Session session, String key) {
    alice
        .artifacts()
        .putArtifact(
            PutArtifactRequest.newBuilder()
                .setSessionId(session.getId())
                .setKey(key)
                .setContent("# what is wanted")
                .build());
  }

  private void refused(Session session, String phase, String missing) {
    var before = everything(session);
    assertProblem(
            Code.FAILED_PRECONDITION,
            "INVALID_PHASE_TRANSITION",
            () -> advance(alice, session, phase, false))
        .containsEntry("missing", missing);
    assertThat(everything(session)).isEqualTo(before);
  }

  private static Session advance(Somebody by, Session session, String phase, boolean force) {
    return by.sessions()
        .advancePhase(
            AdvancePhaseRequest.newBuilder()
                .setSessionId(session.getId())
                .setPhase(Phase.valueOf("PHASE_" + phase))
                .setForce(force)
                .build());
  }
}
