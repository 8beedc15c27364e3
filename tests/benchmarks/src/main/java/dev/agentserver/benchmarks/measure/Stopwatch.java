package dev.agentserver.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/// Counts what many threads get done, and how long each took.
public final class Stopwatch {
  private static final int DIGITS = 3;

  private final LongAdder good = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private final ConcurrentHistogram latency = new ConcurrentHistogram(DIGITS);
  private final long begin = System.nanoTime();

  /// Adds so many that were done well, together `nanos` after they were asked for.
  public void good(long count, long nanos) {
    good.add(count);
    latency.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
  }

  public void bad() {
    bad.increment();
  }

  /// What was done until now.
  public Done done() {
    return new Done(
        good.sum(), bad.sum(), Duration.ofNanos(System.nanoTime() - begin), latency.copy());
  }
}
