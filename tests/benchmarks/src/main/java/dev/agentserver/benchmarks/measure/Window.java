package dev.agentserver.benchmarks.measure;

import java.util.concurrent.TimeUnit;

/// One column during one stretch of time.
///
/// @param cpu what was used meanwhile
public record Window(Done done, Cpu cpu) {
  private static final double MICROS = TimeUnit.SECONDS.toMicros(1);

  /// Processor time of the servers and of PostgreSQL for each request, in microseconds.
  public double cpuMicros() {
    return perRequest(cpu.server() + cpu.postgres());
  }

  public double postgresMicros() {
    return perRequest(cpu.postgres());
  }

  public double generatorMicros() {
    return perRequest(cpu.generator());
  }

  /// Time on the clock between two answers.
  public double wallMicros() {
    return perRequest(done.time().toNanos() / 1e9);
  }

  public double perSecond() {
    return MICROS / wallMicros();
  }

  private double perRequest(double seconds) {
    return seconds * MICROS / Math.max(1, done.requests());
  }
}
