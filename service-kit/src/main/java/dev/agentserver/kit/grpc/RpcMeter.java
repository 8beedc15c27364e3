package dev.agentserver.kit.grpc;

import dev.agentserver.kit.observe.Metrics;
import io.grpc.Status;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Counts and times the calls of one method, by status.
final class RpcMeter {
  private final Metrics metrics;
  private final String method;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicReferenceArray<Timer> timers =
      new AtomicReferenceArray<>(Status.Code.values().length);

  /// @param listener tells the listeners of a process apart
  RpcMeter(Metrics metrics, String method, String listener) {
    this.metrics = metrics;
    this.method = method;
    metrics.gauge(
        "agentserver.rpc.running",
        "Calls that are being handled.",
        running::get,
        "method",
        method,
        "listener",
        listener);
    timer(Status.Code.OK);
  }

  String method() {
    return method;
  }

  void started() {
    running.incrementAndGet();
  }

  void ended(Status.Code code, long nanos) {
    running.decrementAndGet();
    timer(code).record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Status.Code code) {
    var known = timers.get(code.ordinal());
    if (known != null) {
      return known;
    }
    var timer =
        metrics.timer(
            "agentserver.rpc",
            "Time from a call's start to its status.",
            "method",
            method,
            "code",
            code.name());
    timers.set(code.ordinal(), timer);
    return timer;
  }
}
