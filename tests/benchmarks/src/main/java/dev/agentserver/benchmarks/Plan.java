package dev.agentserver.benchmarks;

import java.time.Duration;

/// How much is measured.
///
/// @param rounds how often every column gets a window
/// @param window how long a window is
/// @param warmUp how many calls come before the first window of a column that runs in a JVM
/// @param peerWarmUp the same for the peers, which V8 compiles sooner and of which some are slow
/// @param conversations how many conversations are written to and read from
/// @param rate requests a second where the latency of an open loop is measured
/// @param streams how many answers are written, and how many watchers follow one, at once
/// @param usages how many calls of models are in the ledger that the dashboard is asked of
/// @param searched how many messages there are where some are found, and where a tenant has grown
public record Plan(
    int rounds,
    Duration window,
    int warmUp,
    int peerWarmUp,
    int conversations,
    int rate,
    int streams,
    int usages,
    int searched) {
  /// What the figures of a release are made with.
  public static Plan full() {
    return new Plan(5, Duration.ofSeconds(3), 60_000, 6_000, 64, 300, 1_000, 10_000_000, 1_000_000);
  }

  /// To see during work which way something goes. The JIT is not done yet.
  public static Plan brief() {
    return new Plan(3, Duration.ofSeconds(1), 3_000, 500, 64, 100, 1_000, 1_000_000, 100_000);
  }

  /// Proves that the benchmarks work, and nothing else.
  public static Plan proof() {
    return new Plan(1, Duration.ofMillis(200), 0, 0, 16, 50, 20, 20_000, 10_000);
  }

  /// Whether nothing is measured, so that nothing need be large or warm.
  public boolean isProof() {
    return warmUp == 0;
  }
}
