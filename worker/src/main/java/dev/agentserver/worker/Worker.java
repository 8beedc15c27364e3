package dev.agentserver.worker;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Takes runs from their queues and has a handler do their work, each in a virtual thread of its
/// own, until it is closed.
public final class Worker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Worker.class.getName());
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Duration REPLY = Duration.ofSeconds(10);
  private static final Duration CUT = Duration.ofSeconds(5);

  private final Builder options;
  private final Calls calls;
  private final Semaphore slots;
  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
  private final Thread acquirer = Thread.ofVirtual().name("acquire").unstarted(this::acquire);
  private volatile boolean closing;

  private Worker(Builder options) {
    this.options = options;
    this.calls = new Calls(options.channel, new SecureRandom());
    this.slots = new Semaphore(options.concurrency);
  }

  /// @param channel to the gateway, or to whatever serves runs and conversations
  /// @param key an API key with the right `run:work`
  public static Builder builder(Channel channel, String key, RunHandler handler) {
    return new Builder(channel, key, handler);
  }

  /// Everything about a worker that need not be said.
  public static final class Builder {
    private final Channel channel;
    private final String key;
    private final RunHandler handler;
    private List<String> queues = List.of("default");
    private Map<String, String> labels = Map.of();
    private int concurrency = 4;
    private Duration heartbeat = Duration.ofSeconds(10);
    private Duration drain = Duration.ofSeconds(10);

    private Builder(Channel channel, String key, RunHandler handler) {
      this.channel = channel;
      this.key = key;
      this.handler = handler;
    }

    /// The queues, the most urgent first.
    public Builder queues(List<String> names) {
      queues = List.copyOf(names);
      return this;
    }

    /// What the worker is, for people.
    public Builder labels(Map<String, String> pairs) {
      labels = Map.copyOf(pairs);
      return this;
    }

    /// How many runs at once.
    public Builder concurrency(int runs) {
      concurrency = runs;
      return this;
    }

    /// How often to tell that it is alive, and so how soon it hears that a run is to end. Well
    /// below a minute.
    public Builder heartbeat(Duration every) {
      heartbeat = every;
      return this;
    }

    /// How long runs may take to come to their next step when the worker is closed.
    public Builder drain(Duration longest) {
      drain = longest;
      return this;
    }

    /// Begins to take runs.
    public Worker start() {
      var worker = new Worker(this);
      worker.acquirer.start();
      return worker;
    }
  }

  private void acquire() {
    var requestId = UUID.randomUUID().toString();
    for (var failures = 0; !closing; ) {
      try {
        slots.acquire();
      } catch (InterruptedException _) {
        return;
      }
      var lease = (RunLease) null;
      try {
        lease = acquire(requestId, WAIT);
        failures = 0;
      } catch (StatusRuntimeException failure) {
        if (Calls.reason(failure).equals("LEASE_LOST")) {
          requestId = UUID.randomUUID().toString();
        } else if (!closing) {
          LOG.log(Level.WARNING, "no run can be acquired: {0}", failure.getStatus());
          calls.pause(failures++);
        }
      }
      if (lease != null) {
        requestId = UUID.randomUUID().toString();
        begin(lease);
      } else {
        slots.release();
      }
    }
    giveBack(requestId);
  }

  private @Nullable RunLease acquire(String requestId, Duration wait) {
    var request =
        AcquireRunRequest.newBuilder()
            .addAllQueues(options.queues)
            .putAllLabels(options.labels)
            .setWait(com.google.protobuf.Duration.newBuilder().setSeconds(wait.toSeconds()))
            .setRequestId(requestId)
            .build();
    var reply =
        calls.once(WorkerServiceGrpc.getAcquireRunMethod(), request, options.key, wait.plus(REPLY));
    return reply.hasLease() ? reply.getLease() : null;
  }

  /// A call that was broken off may have leased a run: it is asked for again and let go of.
  private void giveBack(String requestId) {
    Thread.interrupted();
    try {
      var granted = acquire(requestId, Duration.ZERO);
      if (granted != null) {
        try (var lease = new Lease(calls, options.key, granted, options.heartbeat)) {
          lease.call(WorkerServiceGrpc.getReleaseRunMethod(), Ending.request(lease, ""));
        }
      }
    } catch (StatusRuntimeException | Stopped failure) {
      LOG.log(Level.DEBUG, "nothing to give back: {0}", failure.getMessage());
    }
  }

  private void begin(RunLease granted) {
    Thread.ofVirtual()
        .name("run-" + granted.getRun().getId())
        .start(
            () -> {
              try (var lease = new Lease(calls, options.key, granted, options.heartbeat)) {
                leases.add(lease);
                if (closing) {
                  lease.stop(Stopped.Reason.CLOSING);
                }
                work(lease);
                leases.remove(lease);
              } finally {
                slots.release();
              }
            });
  }

  private void work(Lease lease) {
    var run = new RunContext(lease);
    var failure = (Throwable) null;
    try {
      lease.check();
      options.handler.run(run);
    } catch (Exception | Error thrown) {
      failure = thrown;
    }
    Thread.interrupted(); // what it was for is in the lease
    try {
      end(lease, run, failure);
    } catch (StatusRuntimeException | Stopped unsaid) {
      LOG.log(Level.INFO, "run {0} is left: {1}", lease.run().getId(), unsaid.getMessage());
    }
  }

  private static void end(Lease lease, RunContext run, @Nullable Throwable failure) {
    var ending = new Ending(lease, run);
    var stopped = lease.stopped();
    if (stopped != null && stopped.over()) {
      return;
    }
    if (failure == null) {
      ending.complete();
    } else if (stopped != null && !(failure instanceof RunFailure)) {
      ending.release(stopped);
    } else {
      LOG.log(Level.DEBUG, "run " + lease.run().getId() + " failed", failure);
      ending.fail(RunFailure.of(failure));
    }
  }

  /// Takes no new run, and lets go of those it has when they come to their next step; those that
  /// take too long for that are broken off. Other workers go on with them.
  @Override
  public void close() {
    closing = true;
    acquirer.interrupt();
    leases.forEach(lease -> lease.stop(Stopped.Reason.CLOSING));
    try {
      acquirer.join();
      if (!idle(options.drain)) {
        leases.forEach(Lease::interrupt);
        if (!idle(CUT)) {
          LOG.log(
              Level.WARNING, "a handler does not end; its run goes on when its lease has ended");
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether all runs have ended here within this time.
  private boolean idle(Duration longest) throws InterruptedException {
    if (!slots.tryAcquire(options.concurrency, longest.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    slots.release(options.concurrency);
    return true;
  }
}
