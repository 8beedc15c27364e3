package dev.agentserver.agentrun.event.watch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.StreamEventsRequest;
import dev.agentserver.agentrun.v1.StreamUsageRequest;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.WorkStreamOpen;
import dev.agentserver.agentrun.v1.WorkStreamRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.Await;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Workers that stay and send nothing more: they are cut off, and what they sent is whole.
class StalledWorkerTest extends Scene {
  @Override
  Harness start() {
    return Harness.start(Map.of("STREAM_STALL", "2s"));
  }

  @Test
  void whatWasToldIsThereAndTheStreamIsEnded() throws Exception {
    var run = run(null, null, alice);
    var call = open(worker, RunEventServiceGrpc.getStreamEventsMethod());
    call.write(StreamEventsRequest.newBuilder().setAppend(batch(run, events(4))).build());
    assertProblem(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", () -> read(call));
    assertThat(listRun(run.id(), 0, 10)).hasSize(4);
  }

  @Test
  void whatWasUsedIsRecordedAndTheStreamIsEnded() throws Exception {
    var key = UUID.randomUUID().toString();
    var used = UsageRecord.newBuilder().setProvider("openai").setModel("m").setIdempotencyKey(key);
    used.setRawUsage("{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}");
    var call = open(alice, UsageServiceGrpc.getStreamUsageMethod());
    call.write(StreamUsageRequest.newBuilder().addRecords(used).build());
    assertProblem(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", () -> read(call));
    var query = "select 1 from usage_event where idempotency_key = '%s'".formatted(key);
    Await.until("it is recorded", () -> service.column(query).size() == 1);
  }

  @Test
  void aWorkerThatWaitsForWorkMayBeSilent() throws Exception {
    var waiting = open(worker, WorkerServiceGrpc.getWorkStreamMethod());
    waiting.write(
        WorkStreamRequest.newBuilder().setOpen(WorkStreamOpen.getDefaultInstance()).build());
    assertThat(waiting.read().hasAlive()).isTrue();
    var silent = open(worker, WorkerServiceGrpc.getWorkStreamMethod());
    assertProblem(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", () -> read(silent));
    // By then the other has been as silent.
    assertThat(waiting.read().hasAlive()).isTrue();
    waiting.cancel("enough", null);
  }

  private <Q, R> BlockingClientCall<Q, R> open(Caller caller, MethodDescriptor<Q, R> method) {
    return ClientCalls.blockingBidiStreamingCall(
        service.channel(caller), method, CallOptions.DEFAULT);
  }

  private static void read(BlockingClientCall<?, ?> call) {
    try {
      call.read();
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
