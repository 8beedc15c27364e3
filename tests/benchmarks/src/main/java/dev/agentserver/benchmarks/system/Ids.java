package dev.agentserver.benchmarks.system;

import java.util.UUID;

/// The conversations by number, so that every generator can name them, and what is said in them.
public final class Ids {
  /// What a conversation's id begins with; its number follows in twelve hexadecimal digits.
  public static final String PREFIX = "00000000-0000-7000-8000-";

  /// Conversations that messages are appended to.
  public static final int WRITTEN = 0;

  /// Conversations that are read.
  public static final int READ = 1_000_000;

  /// Conversations in which an answer is being written by Agent Server.
  public static final int STREAMED = 2_000_000;

  /// Conversations in which an answer is being written by a bare statement. The answer has the same
  /// id.
  public static final int GROWN = 3_000_000;

  /// The conversation that is watched.
  public static final int WATCHED = 4_000_000;

  /// The conversations that are long: the first is one line, the second goes through many branches.
  public static final int LONG = 5_000_000;

  /// The messages of the path through many branches, and what was said in their place before.
  public static final int PATH = 6_000_000;

  /// Conversations of others.
  public static final int OTHERS = 100_000_000;

  /// A message of ordinary length: 400 characters.
  public static final String TEXT = "Forty characters of an ordinary message.".repeat(10);

  /// A piece of an answer, about what a model says at once.
  public static final String DELTA = " twenty characters..";

  private Ids() {}

  /// @param kind one of the above
  /// @param n from 1
  public static String of(int kind, int n) {
    return PREFIX + "%012x".formatted(kind + n);
  }

  public static String next() {
    return UUID.randomUUID().toString();
  }
}
