package dev.agentserver.worker;

import dev.agentserver.agentrun.v1.HeartbeatRequest;
import dev.agentserver.agentrun.v1.HeartbeatResponse;
import dev.agentserver.agentrun.v1.RenewRunTokenRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunToken;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The right to work on one run, kept up in the background as long as it is open.
///
/// Whether it still holds is seen by every call and every heartbeat. Once it does not, the thread
/// that works is interrupted and no call is made any more.
final class Lease implements AutoCloseable {
  /// How long a worker may be silent: so says the contract.
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration OLDEST_TOKEN = Duration.ofMinutes(5);

  private final Calls calls;
  private final String key;
  private final RunLease granted;
  private final Duration every;
  private final Thread worker = Thread.currentThread();
  private final Thread heart;
  private final Set<Runnable> alongside = ConcurrentHashMap.newKeySet();
  private volatile String token = "";
  private volatile long renewAt;
  private volatile long heardAt = System.nanoTime();
  private volatile long inputSeq;
  private volatile boolean cancelRequested;
  private volatile Stopped.@Nullable Reason stopped;

  /// Of the thread that works on the run.
  ///
  /// @param key the API key that the lease was acquired with
  /// @param every how often to tell that the worker is alive
  Lease(Calls calls, String key, RunLease granted, Duration every) {
    this.calls = calls;
    this.key = key;
    this.granted = granted;
    this.every = every;
    use(granted.getToken());
    this.heart = Thread.ofVirtual().name("heartbeat-" + granted.getRun().getId()).start(this::live);
  }

  RunLease granted() {
    return granted;
  }

  Run run() {
    return granted.getRun();
  }

  long epoch() {
    return granted.getLeaseEpoch();
  }

  /// A name for something of this lease that is the same in every repetition.
  String name(String what) {
    return run().getId() + "/" + epoch() + "/" + what;
  }

  Stopped.@Nullable Reason stopped() {
    return stopped;
  }

  /// Fails where the run is to go no further.
  void check() {
    var reason = stopped;
    if (reason != null) {
      throw new Stopped(reason);
    }
  }

  /// That the lease has ended outweighs every other reason; otherwise the first one stays.
  synchronized void stop(Stopped.Reason reason) {
    if (stopped == null || (reason.over() && !stopped.over())) {
      stopped = reason;
      if (reason == Stopped.Reason.LOST) {
        worker.interrupt();
      }
    }
  }

  /// Breaks off what the worker waits for.
  void interrupt() {
    worker.interrupt();
  }

  /// Does this with every heartbeat.
  void along(Runnable more) {
    alongside.add(more);
  }

  void notAlong(Runnable more) {
    alongside.remove(more);
  }

  /// The last input that the worker has.
  void reached(long seq) {
    inputSeq = seq;
  }

  long inputSeq() {
    return inputSeq;
  }

  /// A call by the run's token.
  <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
    if (stopped != null && stopped.over()) {
      throw new Stopped(stopped);
    }
    try {
      return calls.call(method, request, token, PATIENCE);
    } catch (StatusRuntimeException failure) {
      throw meaning(failure);
    }
  }

  /// What a failed call says of the lease, else the failure itself.
  private RuntimeException meaning(StatusRuntimeException failure) {
    switch (Calls.reason(failure)) {
      case "LEASE_LOST" -> stop(Stopped.Reason.LOST);
      case "INVALID_RUN_STATE" -> heartbeat();
      default -> {}
    }
    var reason = stopped;
    return reason == null ? failure : new Stopped(reason);
  }

  private void live() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(every);
      } catch (InterruptedException _) {
        return;
      }
      heartbeat();
      alongside.forEach(Runnable::run);
    }
  }

  /// Tells that the worker is alive, and notes what is wanted of it.
  void heartbeat() {
    var begun = System.nanoTime();
    try {
      note(beat());
      heardAt = begun;
      if (System.nanoTime() - renewAt >= 0) {
        use(renewed());
      }
    } catch (StatusRuntimeException failure) {
      var gone = failure.getStatus().getCode() == Code.NOT_FOUND;
      if (gone || Calls.reason(failure).equals("LEASE_LOST")) {
        stop(Stopped.Reason.LOST);
      }
    }
    if (System.nanoTime() - heardAt > SILENCE.toNanos()) {
      stop(Stopped.Reason.LOST);
    }
  }

  /// Whether the run itself is to end: its message may have been stopped a moment before it.
  boolean awaitCancel() {
    for (var failures = 0; !cancelRequested && failures < 10; failures++) {
      heartbeat();
      if (!cancelRequested) {
        calls.pause(failures);
      }
    }
    return cancelRequested;
  }

  private HeartbeatResponse beat() {
    var request =
        HeartbeatRequest.newBuilder()
            .setRunId(run().getId())
            .setLeaseEpoch(epoch())
            .setInputSeq(inputSeq)
            .build();
    return calls.call(WorkerServiceGrpc.getHeartbeatMethod(), request, key, every);
  }

  private void note(HeartbeatResponse reply) {
    if (reply.getCancelRequested()) {
      cancelRequested = true;
      stop(Stopped.Reason.CANCELLED);
    } else if (reply.getPauseRequested()) {
      stop(Stopped.Reason.PAUSED);
    }
  }

  private RunToken renewed() {
    var request =
        RenewRunTokenRequest.newBuilder().setRunId(run().getId()).setLeaseEpoch(epoch()).build();
    return calls.call(WorkerServiceGrpc.getRenewRunTokenMethod(), request, key, every);
  }

  /// A token is renewed in the middle of its life, and early where this clock is wrong.
  private void use(RunToken fresh) {
    token = fresh.getToken();
    var expires = Instant.ofEpochSecond(fresh.getExpiresAt().getSeconds());
    var half = Duration.between(Instant.now(), expires).dividedBy(2);
    renewAt =
        System.nanoTime() + (half.compareTo(OLDEST_TOKEN) < 0 ? half : OLDEST_TOKEN).toNanos();
  }

  @Override
  public void close() {
    heart.interrupt();
    try {
      heart.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
