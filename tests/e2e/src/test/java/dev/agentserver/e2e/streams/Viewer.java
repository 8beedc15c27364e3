package dev.agentserver.e2e.streams;

import java.io.IOException;
import java.util.zip.CRC32C;

/// One of many who follow a conversation. It keeps no more than how far it has come and a checksum
/// of what it was given, and it may stop reading for a while.
abstract class Viewer implements AutoCloseable {
  private final CRC32C sum = new CRC32C();
  private volatile long last;
  private volatile String violation;

  /// Reads what it is given, if it does not stall.
  abstract void start(long after) throws IOException, InterruptedException;

  /// Reads nothing more, but stays.
  abstract void stall();

  /// Reads on.
  abstract void goOn();

  @Override
  public abstract void close();

  final void begin(long after) {
    last = after;
  }

  /// @param happened whether it is an event, and not a sign of life
  final void given(long seq, boolean happened, byte[] content) {
    if (seq != (happened ? last + 1 : last)) {
      violate(seq + " after " + last);
    }
    if (happened) {
      sum.update(content);
      last = seq;
    }
  }

  final void violate(String what) {
    violation = what;
  }

  final long last() {
    return last;
  }

  /// The same for all of one kind that were given the same.
  final long sum() {
    return sum.getValue();
  }

  /// What was wrong; null: nothing was.
  final String violation() {
    return violation;
  }
}
