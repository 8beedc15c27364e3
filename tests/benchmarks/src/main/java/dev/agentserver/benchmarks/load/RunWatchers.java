package dev.agentserver.benchmarks.load;

import dev.agentserver.agentrun.v1.AppendEventsRequest;
import dev.agentserver.agentrun.v1.HeartbeatRequest;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WatchRunRequest;
import dev.agentserver.agentrun.v1.WatchStart;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.benchmarks.system.Ids;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Many who watch a run by gRPC, fifty on a connection, and the worker who tells of it.
public final class RunWatchers implements AutoCloseable {
  private static final int ON_A_CONNECTION = 50;
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);

  private final List<ManagedChannel> channels;
  private final String token;
  private final RunLease lease;
  private final AtomicLong heard = new AtomicLong(System.nanoTime());

  public RunWatchers(URI server, Account account, RunLease lease, Arrivals arrivals) {
    this.token = account.ownerToken();
    this.lease = lease;
    this.channels =
        Stream.generate(() -> Account.channel(server))
            .limit(1 + (arrivals.watchers() - 1) / ON_A_CONNECTION)
            .toList();
    var request =
        WatchRunRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setStart(WatchStart.WATCH_START_TAIL)
            .build();
    var door = new Door();
    for (var n = 0; n < arrivals.watchers(); n++) {
      door.enter();
      var channel = channels.get(n % channels.size());
      Account.as(token, RunEventServiceGrpc.newStub(channel))
          .watchRun(request, new Watcher(arrivals, door));
    }
    door.awaitAll();
  }

  /// The first heartbeat says that it is open; one that comes later lets nobody in.
  private static final class Watcher implements StreamObserver<RunEvent> {
    private final Arrivals arrivals;
    private final Door door;
    private boolean inside;

    private Watcher(Arrivals arrivals, Door door) {
      this.arrivals = arrivals;
      this.door = door;
    }

    @Override
    public void onNext(RunEvent event) {
      if (event.getCategory() == RunEvent.Category.CATEGORY_RESPONSE) {
        arrivals.arrived(event.getSeq());
      } else if (event.hasHeartbeat() && !inside) {
        inside = true;
        door.entered();
      }
    }

    /// Who misses an event is missed.
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  /// Tells something, and returns its number.
  public long say() {
    keepUp();
    var event =
        NewRunEvent.newBuilder()
            .setId(Ids.next())
            .setCategory(RunEvent.Category.CATEGORY_RESPONSE)
            .setKind("text")
            .setContent(Ids.TEXT);
    var request =
        AppendEventsRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .addEvents(event);
    return Account.as(token, RunEventServiceGrpc.newBlockingStub(channels.getFirst()))
        .appendEvents(request.build())
        .getSeqs(0);
  }

  private void keepUp() {
    var now = System.nanoTime();
    var before = heard.get();
    if (now - before > HEARTBEAT.toNanos() && heard.compareAndSet(before, now)) {
      Account.as(token, WorkerServiceGrpc.newBlockingStub(channels.getFirst()))
          .heartbeat(
              HeartbeatRequest.newBuilder()
                  .setRunId(lease.getRun().getId())
                  .setLeaseEpoch(lease.getLeaseEpoch())
                  .build());
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
