package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.CancelRunRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.MultitaskStrategy;
import dev.agentserver.agentrun.v1.PauseSessionRequest;
import dev.agentserver.agentrun.v1.RequestInterruptRequest;
import dev.agentserver.agentrun.v1.ResolveInterruptRequest;
import dev.agentserver.agentrun.v1.ResumeSessionRequest;
import dev.agentserver.agentrun.v1.RetryRunRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.Session;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What runs do to the session that they are part of.
class SessionRunsTest extends SessionRunTest {
  @Test
  void theFirstRunBeginsItsSessionAndEachIsCounted() {
    var session = session();
    assertThat(state(session)).isEqualTo(Session.State.STATE_CREATED);
    var run = alice.create(in(session));
    assertThat(state(session)).isEqualTo(Session.State.STATE_ACTIVE);
    worker.fail(acquire(run), false);
    alice.runs().retryRun(RetryRunRequest.newBuilder().setRunId(run.getId()).build());
    assertThat(get(session).getTotals().getRunCount()).isEqualTo(2);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.create(in(session)))
        .containsEntry("resource", "session");
  }

  @Test
  void aSessionThatIsPausedOrHasEndedTakesNoRun() {
    var session = session();
    var run = alice.create(in(session));
    worker.fail(acquire(run), false);
    var again = RetryRunRequest.newBuilder().setRunId(run.getId()).build();
    sessions.pauseSession(PauseSessionRequest.newBuilder().setSessionId(session).build());
    assertRefused("INVALID_STATE_TRANSITION", session, again);
    cancel(session);
    assertRefused("SESSION_ENDED", session, again);
    assertThat(get(session).getTotals().getRunCount()).isEqualTo(1);
  }

  private void assertRefused(String reason, String session, RetryRunRequest again) {
    assertProblem(Code.FAILED_PRECONDITION, reason, () -> alice.create(in(session)));
    assertProblem(Code.FAILED_PRECONDITION, reason, () -> alice.runs().retryRun(again));
  }

  @Test
  void aSessionWaitsWhileItsRunAsks() {
    var session = session();
    var lease = acquire(alice.create(in(session)));
    var question = ask(lease);
    assertThat(state(session)).isEqualTo(Session.State.STATE_WAITING);
    resolve(lease.getRun(), question);
    assertThat(state(session)).isEqualTo(Session.State.STATE_ACTIVE);

    var next = acquire(lease.getRun());
    var asked = worker.tool(next, "deploy", ASKED).getInterrupt();
    assertThat(state(session)).isEqualTo(Session.State.STATE_WAITING);
    sessions.pauseSession(PauseSessionRequest.newBuilder().setSessionId(session).build());
    resolve(lease.getRun(), asked);
    assertThat(state(session)).isEqualTo(Session.State.STATE_PAUSED);
    sessions.resumeSession(ResumeSessionRequest.newBuilder().setSessionId(session).build());
    assertThat(state(session)).isEqualTo(Session.State.STATE_ACTIVE);
  }

  @Test
  void aQuestionThatIsNotAskedAnyMoreKeepsNobodyWaiting() {
    var session = session();
    var run = alice.create(in(session));
    ask(acquire(run));
    alice.runs().cancelRun(CancelRunRequest.newBuilder().setRunId(run.getId()).build());
    assertThat(state(session)).isEqualTo(Session.State.STATE_ACTIVE);

    var patient = alice.create(in(session));
    ask(acquire(patient));
    service.pass(Duration.ofMinutes(11));
    assertThat(alice.get(patient).getErrorReason()).isEqualTo("INTERRUPT_EXPIRED");
    assertThat(state(session)).isEqualTo(Session.State.STATE_ACTIVE);
    assertThat(get(session).getTotals().getRunCount()).isEqualTo(2);
  }

  @Test
  void theTimeThatARunWasWorkedOnCounts() {
    var session = session();
    var run = alice.create(in(session));
    service.pass(Duration.ofHours(1));
    var lease = acquire(run);
    service.pass(Duration.ofSeconds(40));
    var question = ask(lease);
    service.pass(Duration.ofMinutes(5));
    resolve(run, question);
    var next = acquire(run);
    service.pass(Duration.ofSeconds(20));
    assertThat(get(session).getTotals().getActiveTime().getSeconds()).isZero();
    worker.complete(next);
    assertThat(get(session).getTotals().getActiveTime().getSeconds()).isBetween(60L, 65L);
  }

  @Test
  void aRunWithoutASessionAsksTheDatabaseForNoMore() {
    var session = session();
    var alone = fewest(() -> in(UUID.randomUUID(), MultitaskStrategy.MULTITASK_STRATEGY_REJECT));
    assertThat(fewest(() -> in(session)))
        .as("the session is locked, and the time is added")
        .isEqualTo(alone + 2);
  }

  /// How many statements it takes to complete a run. What the service does by itself counts too, so
  /// it is tried some times.
  private int fewest(Supplier<CreateRunRequest.Builder> wanted) {
    var fewest = Integer.MAX_VALUE;
    for (var turn = 0; turn < 5; turn++) {
      var lease = acquire(alice.create(wanted.get()));
      fewest = Math.min(fewest, statements(() -> worker.complete(lease)));
    }
    return fewest;
  }

  @Test
  void whoMayNotWriteInAConversationBeginsNoRunThere() {
    var closed = service.conversations().closed();
    var request = wanted().setConversationId(closed.toString());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.create(request))
        .containsEntry("resource", "conversation");
    assertThat(service.column("select 1 from run where conversation_id = '" + closed + "'"))
        .isEmpty();
  }

  private int statements(Runnable work) {
    var queries = service.database().slowQueries();
    var before = queries.calls();
    work.run();
    return Math.toIntExact(queries.calls() - before);
  }

  private RunInterrupt ask(RunLease lease) {
    return worker
        .work()
        .requestInterrupt(
            RequestInterruptRequest.newBuilder()
                .setRunId(lease.getRun().getId())
                .setLeaseEpoch(lease.getLeaseEpoch())
                .setKind(RunInterrupt.Kind.KIND_QUESTION)
                .setPrompt("which one?")
                .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(600))
                .setRequestId(UUID.randomUUID().toString())
                .build());
  }

  private void resolve(Run run, RunInterrupt interrupt) {
    alice
        .runs()
        .resolveInterrupt(
            ResolveInterruptRequest.newBuilder()
                .setRunId(run.getId())
                .setInterruptId(interrupt.getId())
                .setApproved(true)
                .build());
  }
}
