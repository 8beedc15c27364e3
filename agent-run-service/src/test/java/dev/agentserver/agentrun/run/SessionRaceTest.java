package dev.agentserver.agentrun.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.ResolveInterruptRequest;
import dev.agentserver.agentrun.v1.Session;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Two at once, of whom one comes first. The long form: `-Drace.rounds=10000`.
class SessionRaceTest extends SessionRunTest {
  private static final int ROUNDS = Integer.getInteger("race.rounds", 500) / 20;

  @Test
  void noRunBeginsInASessionThatHasEnded() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var session = session();
      alice.create(in(session));
      atOnce(
          () -> cancel(session),
          () -> {
            try {
              alice.create(behind(session));
            } catch (StatusRuntimeException tooLate) {
              assertThat(tooLate.getMessage()).contains("ended");
            }
          });
      assertThat(state(session)).isEqualTo(Session.State.STATE_CANCELLED);
      assertThat(
              service.column(
                  "select count(*) from run where session_id = '%s' and state <> 'CANCELLED'"
                      .formatted(session)))
          .containsExactly("0");
    }
  }

  @Test
  void aWorkerThatEndsItsRunWhileItsSessionEndsNeitherWaitsForTheOther() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var session = session();
      var lease = acquire(alice.create(in(session)));
      var pending = alice.create(behind(session));
      atOnce(() -> cancel(session), () -> worker.complete(lease));
      assertThat(state(lease.getRun()).name()).isIn("STATE_SUCCEEDED", "STATE_CANCELLED");
      assertThat(state(pending).name()).isEqualTo("STATE_CANCELLED");
    }
  }

  @Test
  void aQuestionIsAnsweredOrExpiresAndNotBoth() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var session = session();
      var run = alice.create(in(session));
      var asked = worker.tool(acquire(run), "deploy", ASKED).getInterrupt();
      service.sql(
          "update run set action_expires_at = now() - interval '1 minute' where run_id = '%s'"
              .formatted(run.getId()));
      var answer =
          ResolveInterruptRequest.newBuilder()
              .setRunId(run.getId())
              .setInterruptId(asked.getId())
              .setApproved(true)
              .setRequestId(UUID.randomUUID().toString())
              .build();
      var answered = new AtomicInteger();
      atOnce(
          () -> service.pass(Duration.ZERO),
          () -> {
            try {
              alice.runs().resolveInterrupt(answer);
              answered.incrementAndGet();
            } catch (StatusRuntimeException tooLate) {
              assertThat(tooLate.getMessage()).contains("EXPIRED");
            }
          });
      var state = answered.get() == 1 ? "RESOLVED QUEUED" : "EXPIRED FAILED";
      assertThat(
              service.column(
                  """
                  select i.state || ' ' || r.state from run_interrupt i join run r using (tenant_id, run_id)
                  where interrupt_id = '%s'"""
                      .formatted(asked.getId())))
          .containsExactly(state);
      assertThat(state(session)).isEqualTo(Session.State.STATE_ACTIVE);
    }
  }

  /// Does both, and waits for both.
  private static void atOnce(Runnable one, Runnable other) throws Exception {
    var start = new CyclicBarrier(2);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var both =
          Set.of(one, other).stream()
              .map(
                  each ->
                      executor.submit(
                          () -> {
                            start.await();
                            each.run();
                            return true;
                          }))
              .toList();
      for (var each : both) {
        try {
          each.get();
        } catch (ExecutionException failed) {
          throw new AssertionError(failed.getCause());
        }
      }
    }
  }
}
