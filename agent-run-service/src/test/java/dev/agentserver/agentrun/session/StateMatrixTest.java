package dev.agentserver.agentrun.session;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.CancelSessionRequest;
import dev.agentserver.agentrun.v1.CompleteSessionRequest;
import dev.agentserver.agentrun.v1.FailSessionRequest;
import dev.agentserver.agentrun.v1.PauseSessionRequest;
import dev.agentserver.agentrun.v1.ResumeSessionRequest;
import dev.agentserver.agentrun.v1.RetrySessionRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.Session.State;
import dev.agentserver.agentrun.v1.Session.Type;
import dev.agentserver.agentrun.v1.StartSessionRequest;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every transition in every state: what is listed here works, everything else is refused and
/// changes nothing.
class StateMatrixTest extends Scenes {
  private static final List<String> STATES =
      List.of("CREATED", "ACTIVE", "WAITING", "PAUSED", "COMPLETE", "FAILED", "CANCELLED");

  /// Transition and state before to state after.
  private static final Map<String, String> LEGAL =
      Map.ofEntries(
          Map.entry("START CREATED", "ACTIVE"),
          Map.entry("PAUSE ACTIVE", "PAUSED"),
          Map.entry("PAUSE WAITING", "PAUSED"),
          Map.entry("RESUME PAUSED", "ACTIVE"),
          Map.entry("COMPLETE ACTIVE", "COMPLETE"),
          Map.entry("FAIL ACTIVE", "FAILED"),
          Map.entry("FAIL WAITING", "FAILED"),
          Map.entry("FAIL PAUSED", "FAILED"),
          Map.entry("CANCEL CREATED", "CANCELLED"),
          Map.entry("CANCEL ACTIVE", "CANCELLED"),
          Map.entry("CANCEL WAITING", "CANCELLED"),
          Map.entry("CANCEL PAUSED", "CANCELLED"),
          Map.entry("RETRY FAILED", "ACTIVE"));

  record Case(String transition, String state) {}

  static Stream<Case> cases() {
    return Stream.of("START", "PAUSE", "RESUME", "COMPLETE", "FAIL", "CANCEL", "RETRY")
        .flatMap(transition -> STATES.stream().map(state -> new Case(transition, state)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyTransitionIsLegalWhereItIsListedAndNowhereElse(Case each) {
    var session = create(alice, Type.TYPE_CHAT);
    put(session, each.state());
    var before = everything(session);
    var to = LEGAL.get(each.transition() + " " + each.state());
    if (to == null) {
      assertProblem(
              Code.FAILED_PRECONDITION,
              "INVALID_STATE_TRANSITION",
              () -> move(session.getId(), each.transition()))
          .containsEntry("state", each.state())
          .containsEntry("transition", each.transition());
      assertThat(everything(session)).isEqualTo(before);
      return;
    }
    var moved = move(session.getId(), each.transition());
    assertThat(moved.getState()).isEqualTo(State.valueOf("STATE_" + to));
    assertThat(get(alice, session.getId())).isEqualTo(moved);
    assertThat(moved.hasEndedAt()).isEqualTo(moved.getState().getNumber() >= 5);
    assertThat(moved.hasExpiresAt()).isNotEqualTo(moved.hasEndedAt());
    assertThat(moved.hasError()).isEqualTo(to.equals("FAILED"));
  }

  @Test
  void aSessionWithPhasesIsNotCompletedByHand() {
    var session = create(alice, Type.TYPE_FULL);
    put(session, "ACTIVE");
    var before = everything(session);
    assertProblem(
        Code.FAILED_PRECONDITION,
        "INVALID_STATE_TRANSITION",
        () -> move(session.getId(), "COMPLETE"));
    assertThat(everything(session)).isEqualTo(before);
  }

  @Test
  void whoeverResumesWhileARunStillAsksWaits() {
    for (var transition : List.of("RESUME PAUSED", "RETRY FAILED")) {
      var session = create(alice, Type.TYPE_CHAT);
      put(session, transition.split(" ")[1]);
      service.sql(
          "update agent_run.session set open_interrupts = 2 where session_id = '"
              + session.getId()
              + "'");
      assertThat(move(session.getId(), transition.split(" ")[0]).getState())
          .isEqualTo(State.STATE_WAITING);
    }
  }

  @Test
  void aSessionInWhichNothingHappensFailsAndCanBeTriedAgain() {
    for (var state : STATES) {
      var session = create(alice, Type.TYPE_QUICK);
      put(session, state);
      var before = everything(session);
      service.sql(
          "update agent_run.session set expires_at = now() - interval '1 second'"
              + " where expires_at is not null and session_id = '"
              + session.getId()
              + "'");
      service.expire();
      var after = get(alice, session.getId());
      if (List.of("COMPLETE", "FAILED", "CANCELLED").contains(state)) {
        assertThat(everything(session)).isEqualTo(before);
        continue;
      }
      assertThat(after.getState()).isEqualTo(State.STATE_FAILED);
      assertThat(after.getError().getCode()).isEqualTo("EXPIRED");
      var again = move(session.getId(), "RETRY");
      assertThat(again.hasError()).isFalse();
      assertThat(again.getPhase()).isEqualTo(session.getPhase());
    }
    assertThat(service.expire()).isZero();
  }

  private Session move(String id, String transition) {
    var sessions = alice.sessions();
    return switch (transition) {
      case "START" ->
          sessions.startSession(StartSessionRequest.newBuilder().setSessionId(id).build());
      case "PAUSE" ->
          sessions.pauseSession(PauseSessionRequest.newBuilder().setSessionId(id).build());
      case "RESUME" ->
          sessions.resumeSession(ResumeSessionRequest.newBuilder().setSessionId(id).build());
      case "COMPLETE" ->
          sessions.completeSession(CompleteSessionRequest.newBuilder().setSessionId(id).build());
      case "FAIL" -> sessions.failSession(FailSessionRequest.newBuilder().setSessionId(id).build());
      case "CANCEL" ->
          sessions.cancelSession(CancelSessionRequest.newBuilder().setSessionId(id).build());
      case "RETRY" ->
          sessions.retrySession(RetrySessionRequest.newBuilder().setSessionId(id).build());
      default -> throw new IllegalArgumentException(transition);
    };
  }
}
