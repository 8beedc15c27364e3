package dev.agentserver.benchmarks.load;

import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.StreamUsageRequest;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.benchmarks.system.Ids;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;

/// Callers of models that tell what they used. A request is an event that is durable, with its cost
/// and all sums that it belongs to.
public final class Usages implements AutoCloseable {
  private static final int CALLERS = 64;
  private static final int STREAMS = 8;
  private static final int BATCHES = 10;
  private static final int BATCH = 50;

  private final ManagedChannel channel;
  private final Account account;

  public Usages(URI server, Account account) {
    this.channel = Account.channel(server);
    this.account = account;
  }

  /// Tells of each by a call of its own.
  public Driver alone() {
    return time -> run(time, CALLERS, this::each);
  }

  /// Tells by streams of 500, each of which is acknowledged at its end: so little is under way.
  public Driver streamed() {
    return time -> run(time, STREAMS, this::streams);
  }

  @FunctionalInterface
  private interface Teller {
    void tell(String token, long end, Stopwatch watch);
  }

  private Done run(Duration time, int count, Teller teller) {
    var token = account.token();
    var watch = new Stopwatch();
    var end = System.nanoTime() + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var n = 0; n < count; n++) {
        threads.submit(() -> teller.tell(token, end, watch));
      }
    }
    return watch.done();
  }

  private void each(String token, long end, Stopwatch watch) {
    var stub = Account.as(token, UsageServiceGrpc.newBlockingStub(channel));
    for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
      try {
        stub.recordUsage(RecordUsageRequest.newBuilder().setRecord(record()).build());
        watch.good(1, System.nanoTime() - now);
      } catch (StatusRuntimeException _) {
        watch.bad();
      }
    }
  }

  private void streams(String token, long end, Stopwatch watch) {
    for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
      stream(token, watch);
    }
  }

  private void stream(String token, Stopwatch watch) {
    var begin = System.nanoTime();
    var call =
        ClientCalls.blockingClientStreamingCall(
            ClientInterceptors.intercept(channel, Account.bearer(token)),
            UsageServiceGrpc.getStreamUsageMethod(),
            CallOptions.DEFAULT);
    try {
      for (var batch = 0; batch < BATCHES; batch++) {
        var request = StreamUsageRequest.newBuilder();
        for (var n = 0; n < BATCH; n++) {
          request.addRecords(record());
        }
        call.write(request.build());
      }
      call.halfClose();
      watch.good(call.read().getRecorded(), System.nanoTime() - begin);
    } catch (StatusException _) {
      watch.bad();
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  private static UsageRecord record() {
    return UsageRecord.newBuilder()
        .setIdempotencyKey(Ids.next())
        .setProvider("openai")
        .setModel("gpt-4.1")
        .setRawUsage(
            "{\"prompt_tokens\": 1500, \"completion_tokens\": 300, \"total_tokens\": 1800}")
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
