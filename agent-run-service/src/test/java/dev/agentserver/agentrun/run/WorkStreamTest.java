package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.CancelRunRequest;
import dev.agentserver.agentrun.v1.PauseRunRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.Run.State;
import dev.agentserver.agentrun.v1.SendInputRequest;
import dev.agentserver.kit.identity.Revocation;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a worker's stream does beside the calls that do the same.
class WorkStreamTest extends RunTest {
  private String queue;

  @BeforeEach
  void newQueue() {
    queue = id();
  }

  private Run run() {
    return alice.create(wanted().setQueue(queue));
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  @Test
  void noMoreIsHandedOutThanIsAskedFor() {
    var first = run();
    var second = run();
    var third = run();
    try (var stream = Worker.open(worker, queue)) {
      var ids = List.of(id(), id(), id());
      stream.acquire(ids.subList(0, 2));
      var one = stream.leased();
      assertThat(one.getRequestId()).isEqualTo(ids.get(0));
      assertThat(one.getLease().getRun().getId()).isEqualTo(first.getId());
      assertThat(one.getLease().getToken().getToken()).isNotEmpty();
      var two = stream.leased();
      assertThat(two.getRequestId()).isEqualTo(ids.get(1));
      assertThat(two.getLease().getRun().getId()).isEqualTo(second.getId());
      assertThat(stream.beat(one.getLease()).command().getRunId()).isEqualTo(first.getId());
      assertThat(state(third)).isEqualTo(State.STATE_QUEUED);
      stream.acquire(ids.get(2));
      assertThat(stream.leased().getLease().getRun().getId()).isEqualTo(third.getId());
    }
  }

  @Test
  void aRunThatComesLaterIsHandedOutThen() {
    try (var stream = Worker.open(worker, "no-" + queue, queue)) {
      stream.acquire(id());
      var run = run();
      assertThat(stream.leased().getLease().getRun().getId()).isEqualTo(run.getId());
    }
  }

  @Test
  void aLeaseLastsAsLongAsItsHeartbeatsSay() {
    var run = run();
    try (var stream = Worker.open(worker, queue)) {
      var lease = stream.acquire(id()).leased().getLease();
      for (var turn = 0; turn < 3; turn++) {
        service.pass(Duration.ofSeconds(40));
        assertThat(stream.beat(lease).command().getWanted().getLeaseExpiresAt().getSeconds())
            .isGreaterThan(lease.getLeaseExpiresAt().getSeconds());
      }
      assertThat(state(run)).isEqualTo(State.STATE_RUNNING);
      service.pass(Duration.ofSeconds(61));
      var ended = stream.ended();
      assertThat(ended.getRunId()).isEqualTo(run.getId());
      assertThat(ended.getLeaseEpoch()).isEqualTo(lease.getLeaseEpoch());
      assertThat(state(run)).isEqualTo(State.STATE_QUEUED);
      assertThat(stream.beat(lease).ended().getRunId()).isEqualTo(run.getId());
      assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> worker.heartbeat(lease));
    }
  }

  @Test
  void whatIsWantedIsToldWhenItChanges() {
    var run = run();
    try (var stream = Worker.open(worker, queue)) {
      var lease = stream.acquire(id()).leased().getLease();
      send(run);
      assertThat(stream.command().getWanted().getInputAvailable()).isTrue();
      assertThat(stream.beat(lease, 1).command().getWanted().getInputAvailable()).isFalse();
      alice.runs().pauseRun(PauseRunRequest.newBuilder().setRunId(run.getId()).build());
      assertThat(stream.command().getWanted().getPauseRequested()).isTrue();
      alice.runs().cancelRun(CancelRunRequest.newBuilder().setRunId(run.getId()).build());
      assertThat(stream.command().getWanted().getCancelRequested()).isTrue();
      assertThat(worker.release(lease).getState()).isEqualTo(State.STATE_CANCELLED);
      assertThat(stream.ended().getRunId()).isEqualTo(run.getId());
    }
  }

  private void send(Run run) {
    alice
        .runs()
        .sendInput(
            SendInputRequest.newBuilder()
                .setRunId(run.getId())
                .setContent(Value.newBuilder().setStringValue("more"))
                .build());
  }

  @Test
  void aStreamThatBreaksReleasesNothingAndAnotherGoesOn() {
    var run = run();
    var requestId = id();
    var broken = Worker.open(worker, queue);
    var lease = broken.acquire(requestId).leased().getLease();
    broken.close();
    var request = AcquireRunRequest.newBuilder().addQueues(queue).setRequestId(requestId).build();
    var again = worker.work().acquireRun(request).getLease();
    assertThat(again.getRun().getId()).isEqualTo(run.getId());
    assertThat(again.getLeaseEpoch()).isEqualTo(lease.getLeaseEpoch());
    assertThat(state(run)).isEqualTo(State.STATE_RUNNING);
    try (var stream = Worker.open(worker, queue)) {
      assertThat(stream.acquire(requestId).leased().getLease().getLeaseEpoch())
          .as("lost on the way, and asked for again")
          .isEqualTo(lease.getLeaseEpoch());
    }
    try (var stream = Worker.open(worker, queue)) {
      assertThat(stream.beat(lease).command().getRunId()).isEqualTo(run.getId());
      send(run);
      assertThat(stream.command().getWanted().getInputAvailable()).as("it is followed").isTrue();
      worker.complete(lease);
      assertThat(stream.ended().getRunId()).isEqualTo(run.getId());
      assertThat(stream.acquire(requestId).ended().getRequestId()).isEqualTo(requestId);
    }
  }

  @Test
  void whatSomebodyElseHoldsIsNotKeptUp() {
    var lease = acquire(run());
    var other = service.person(TENANT, "WORKER");
    try (var stream = Worker.open(other, queue)) {
      assertThat(stream.beat(lease).ended().getRunId()).isEqualTo(lease.getRun().getId());
    }
    service.pass(Duration.ofSeconds(61));
    assertThat(state(lease.getRun())).isEqualTo(State.STATE_QUEUED);
  }

  @Test
  void streamsThatWaitLeaveTheDatabaseToOthers() {
    var streams = Stream.generate(() -> Worker.open(worker, queue)).limit(40).toList();
    try {
      streams.forEach(stream -> stream.acquire(id()));
      var runs = new HashSet<String>();
      IntStream.range(0, streams.size()).forEach(_ -> runs.add(run().getId()));
      var leased = new HashSet<String>();
      streams.forEach(stream -> leased.add(stream.leased().getLease().getRun().getId()));
      assertThat(leased).as("each one, none twice").isEqualTo(runs);
    } finally {
      streams.forEach(Worker::close);
    }
  }

  @Test
  void aWorkerWhoSendsItsLastIsServedNoMore() {
    var stream = Worker.open(worker, queue);
    stream.call().halfClose();
    stream.awaitEnd();
    var run = run();
    assertThat(state(run)).isEqualTo(State.STATE_QUEUED);
  }

  @Test
  void aStreamEndsWithTheRightToIt() {
    var revoked = service.person(TENANT, "WORKER");
    try (var stream = Worker.open(revoked, queue)) {
      service
          .revocations()
          .add(
              new Revocation(
                  1,
                  Revocation.Kind.PRINCIPAL,
                  revoked.caller().principalId().toString(),
                  Instant.now()));
      assertProblem(Code.UNAUTHENTICATED, "UNAUTHENTICATED", stream::awaitEnd);
    }
    try (var stream = Worker.open(worker, queue)) {
      service.clock().move(Duration.ofHours(2));
      assertProblem(Code.UNAUTHENTICATED, "TOKEN_EXPIRED", stream::awaitEnd);
    } finally {
      service.clock().move(Duration.ofHours(-2));
    }
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> Worker.silent(alice).opening(queue).awaitEnd());
  }

  @Test
  void whatMakesNoSenseEndsTheStream() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> Worker.silent(worker).acquire(id()).awaitEnd())
        .field("step");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> Worker.open(worker, queue).opening(queue).awaitEnd())
        .field("step");
    var most = Stream.generate(WorkStreamTest::id).limit(256).toList();
    assertProblem(
            Code.RESOURCE_EXHAUSTED,
            "TOO_MANY",
            () -> Worker.open(worker, queue).acquire(most).acquire(id()).awaitEnd())
        .containsEntry("limit", "256");
  }
}
