package dev.agentserver.kit.test;

import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/// Counts what a read does, on a service that does other things as well: the fewest of five times,
/// because those can only add to it.
public final class Fewest {
  private static final int TIMES = 5;

  private Fewest() {}

  /// @param count counts while it reads
  public static int of(IntSupplier count) {
    return IntStream.range(0, TIMES).map(_ -> count.getAsInt()).min().orElseThrow();
  }
}
