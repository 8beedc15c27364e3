package dev.agentserver.allinone;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Says on the terminal what is being started, and how long each part took.
final class Progress {
  private static final double NANOS = 1e9;

  private final PrintStream out;
  private final LongSupplier nanoTime;
  private long begun;
  private boolean running;

  Progress(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  /// Ends the part before, and begins this one.
  void begin(String part) {
    end();
    out.print("starting " + part + " ...");
    out.flush();
    begun = nanoTime.getAsLong();
    running = true;
  }

  void end() {
    if (running) {
      out.printf(Locale.ROOT, " %.1f s%n", (nanoTime.getAsLong() - begun) / NANOS);
      running = false;
    }
  }

  /// Ends the line of a part that did not start.
  void breakOff() {
    if (running) {
      out.println();
      running = false;
    }
  }
}
