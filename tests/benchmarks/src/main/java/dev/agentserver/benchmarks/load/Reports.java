package dev.agentserver.benchmarks.load;

import dev.agentserver.agentrun.v1.AppendEventsRequest;
import dev.agentserver.agentrun.v1.HeartbeatRequest;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.StreamEventsRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
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
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// Workers that tell of their runs, each of one. A request is an event that is durable.
public final class Reports implements AutoCloseable {
  private final ManagedChannel channel;
  private final Account account;
  private final List<RunLease> leases;

  /// @param leases of runs that nobody else tells of
  public Reports(URI server, Account account, List<RunLease> leases) {
    this.channel = Account.channel(server);
    this.account = account;
    this.leases = leases;
  }

  /// Tells by calls of so many events each.
  public Driver batches(int events) {
    return time -> run(time, (lease, end, watch) -> batches(lease, events, end, watch));
  }

  /// Tells by one stream for each run, in messages of so many events. All of them are acknowledged
  /// at the end of the stream.
  public Driver streams(int events) {
    return time -> run(time, (lease, end, watch) -> stream(lease, events, end, watch));
  }

  @FunctionalInterface
  private interface Teller {
    void tell(RunLease lease, long end, Stopwatch watch);
  }

  private Done run(Duration time, Teller teller) {
    keepUp();
    var watch = new Stopwatch();
    var end = System.nanoTime() + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      leases.forEach(lease -> threads.submit(() -> teller.tell(lease, end, watch)));
    }
    return watch.done();
  }

  private void keepUp() {
    var worker = Account.as(account.ownerToken(), WorkerServiceGrpc.newBlockingStub(channel));
    leases.forEach(
        lease ->
            worker.heartbeat(
                HeartbeatRequest.newBuilder()
                    .setRunId(lease.getRun().getId())
                    .setLeaseEpoch(lease.getLeaseEpoch())
                    .build()));
  }

  private void batches(RunLease lease, int events, long end, Stopwatch watch) {
    var stub = Account.as(account.ownerToken(), RunEventServiceGrpc.newBlockingStub(channel));
    do {
      var begin = System.nanoTime();
      try {
        stub.appendEvents(batch(lease, events));
        watch.good(events, System.nanoTime() - begin);
      } catch (StatusRuntimeException _) {
        watch.bad();
      }
    } while (System.nanoTime() < end);
  }

  private void stream(RunLease lease, int events, long end, Stopwatch watch) {
    var begin = System.nanoTime();
    var call =
        ClientCalls.blockingClientStreamingCall(
            ClientInterceptors.intercept(channel, Account.bearer(account.ownerToken())),
            RunEventServiceGrpc.getStreamEventsMethod(),
            CallOptions.DEFAULT);
    try {
      do {
        call.write(StreamEventsRequest.newBuilder().setAppend(batch(lease, events)).build());
      } while (System.nanoTime() < end);
      call.halfClose();
      watch.good(call.read().getEvents(), System.nanoTime() - begin);
    } catch (StatusException _) {
      watch.bad();
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  private static AppendEventsRequest batch(RunLease lease, int events) {
    return AppendEventsRequest.newBuilder()
        .setRunId(lease.getRun().getId())
        .setLeaseEpoch(lease.getLeaseEpoch())
        .addAllEvents(Stream.generate(Reports::event).limit(events).toList())
        .build();
  }

  private static NewRunEvent event() {
    return NewRunEvent.newBuilder()
        .setId(Ids.next())
        .setCategory(RunEvent.Category.CATEGORY_RESPONSE)
        .setKind("text")
        .setContent(Ids.TEXT)
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
