package dev.agentserver.gateway.limit;

import dev.agentserver.gateway.contract.Method;
import java.util.Locale;

/// What is counted.
public enum Counted {
  /// Ordinary calls, a minute.
  CALLS,
  /// Streams that are opened and long polls, a minute: a class of their own, because whoever
  /// follows something asks often and costs little.
  WATCHES,
  /// Streams and long polls that are open at one time.
  STREAMS;

  /// The class of a method's calls.
  public static Counted of(Method method) {
    return lasts(method) ? WATCHES : CALLS;
  }

  /// Whether a call of the method stays open for as long as its caller likes.
  public static boolean lasts(Method method) {
    return !method.isUnary() || method.isLongPoll();
  }

  /// As it is written in configuration and in answers.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
