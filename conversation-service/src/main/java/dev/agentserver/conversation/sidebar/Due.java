package dev.agentserver.conversation.sidebar;

import java.time.Duration;

/// Something that is due a while after it was begun; what was not begun is never due.
final class Due {
  private static final Duration NEVER = Duration.ofDays(1);

  private final long after;
  private long at;
  private boolean begun;

  Due(Duration after) {
    this.after = after.toNanos();
  }

  void begin() {
    at = System.nanoTime() + after;
    begun = true;
  }

  void end() {
    begun = false;
  }

  boolean begun() {
    return begun;
  }

  boolean reached() {
    return begun && at - System.nanoTime() <= 0;
  }

  Duration left() {
    return begun ? Duration.ofNanos(Math.max(0, at - System.nanoTime())) : NEVER;
  }
}
