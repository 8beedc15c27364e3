package dev.agentserver.agentrun.event.watch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.StreamEventsRequest;
import dev.agentserver.agentrun.v1.StreamEventsResponse;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What workers tell, and who may.
class ReportTest extends Scene {
  @Test
  void aCallThatIsRepeatedWritesNothingTwice() {
    var run = run(null, null, alice);
    var batch = events(3);
    assertThat(append(run, batch)).containsExactly(1L, 2L, 3L);
    assertThat(append(run, batch)).containsExactly(1L, 2L, 3L);
    assertThat(listRun(run.id(), 0, 10)).hasSize(3);
  }

  @Test
  void whoNeverHeldTheRunDoesNotFindIt() {
    var run = run(null, null, alice);
    for (var stranger :
        List.of(
            alice, service.caller(TENANT, "WORKER"), service.caller(UUID.randomUUID(), "WORKER"))) {
      assertProblem(
          Code.NOT_FOUND, "NOT_FOUND", () -> as(stranger).appendEvents(batch(run, events(1))));
    }
    assertThat(listRun(run.id(), 0, 10)).isEmpty();
  }

  @Test
  void aWorkerWhoseLeaseHasEndedChangesNothing() {
    var replaced = run(null, null, alice);
    append(replaced, events(1));
    service.sql(
        "update run set lease_epoch = %d where run_id = '%s'".formatted(EPOCH + 1, replaced.id()));
    var over = run(null, null, alice);
    service.sql(
        "update run set state = 'SUCCEEDED', lease_expires_at = null, ended_at = now() where run_id = '%s'"
            .formatted(over.id()));
    for (var run : List.of(replaced, over)) {
      assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> append(run, events(1)));
    }
    assertThat(listRun(replaced.id(), 0, 10)).hasSize(1);
    assertThat(listRun(over.id(), 0, 10)).isEmpty();
  }

  @Test
  void aRunsTokenTellsOfItsRunByItsLease() {
    var run = run(null, null, alice);
    var request = batch(run, events(1));
    assertThat(as(token(run.id(), EPOCH)).appendEvents(request).getSeqsList()).containsExactly(1L);
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> as(token(run.id(), EPOCH - 1)).appendEvents(request));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> as(token(UUID.randomUUID(), EPOCH)).appendEvents(request));
  }

  private Caller token(UUID run, long epoch) {
    return alice.within(new RunScope(run, null, null, epoch), Set.of());
  }

  @Test
  void aStreamWritesBatchAfterBatchAndMaySendThemAgain() {
    var run = run(null, null, alice);
    var batches = IntStream.range(0, 5).mapToObj(_ -> events(20)).toList();
    for (var turn = 0; turn < 2; turn++) {
      var reply = stream(run, batches).join();
      assertThat(reply.getEvents()).isEqualTo(100);
      assertThat(reply.getLastSeq()).isEqualTo(100);
    }
    assertThat(listRun(run.id(), 0, 1000))
        .extracting(RunEvent::getId)
        .containsExactlyElementsOf(
            batches.stream().flatMap(List::stream).map(NewRunEvent::getId).toList());
  }

  @Test
  void aStreamThatFailsLeavesWhatWasBefore() {
    var run = run(null, null, alice);
    var broken = List.of(event("x").toBuilder().setContent("y".repeat(300_000)).build());
    var failed = stream(run, List.of(events(4), broken, events(4)));
    assertThat(failed.handle((_, failure) -> code(failure)).join())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(listRun(run.id(), 0, 10)).hasSize(4);
  }

  private static Code code(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return ((StatusRuntimeException) cause).getStatus().getCode();
  }

  private CompletableFuture<StreamEventsResponse> stream(
      Leased run, List<List<NewRunEvent>> batches) {
    var reply = new CompletableFuture<StreamEventsResponse>();
    var requests =
        RunEventServiceGrpc.newStub(service.channel(worker))
            .streamEvents(
                new StreamObserver<>() {
                  @Override
                  public void onNext(StreamEventsResponse response) {
                    reply.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    reply.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    for (var batch : batches) {
      requests.onNext(StreamEventsRequest.newBuilder().setAppend(batch(run, batch)).build());
    }
    requests.onCompleted();
    return reply;
  }

  @Test
  void aBatchThatIsTooLargeIsRefused() {
    var run = run(null, null, alice);
    var large = IntStream.range(0, 17).mapToObj(_ -> event("x".repeat(256 * 1024))).toList();
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> append(run, large));
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> append(run, events(501)));
  }
}
