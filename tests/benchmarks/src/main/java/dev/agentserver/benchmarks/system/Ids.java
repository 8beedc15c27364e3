package dev.agentserver.benchmarks.system;

import java.util.UUID;

/// The conversations by number, so that every generator can name them, and what is said in them.
public final class Ids {
  /// What a conversation's id begins with; its number follows in twelve hexadecimal digits.
  public static final String PREFIX = "00000000-0000-7000-8000-";

  /// What is added to the number of a conversation that is read.
  public static final int READ = 1_000_000;

  /// A message of ordinary length: 400 characters.
  public static final String TEXT = "Forty characters of an ordinary message.".repeat(10);

  private Ids() {}

  public static String written(int n) {
    return PREFIX + "%012x".formatted(n);
  }

  public static String read(int n) {
    return written(READ + n);
  }

  public static String next() {
    return UUID.randomUUID().toString();
  }
}
