package dev.agentserver.kit.eventlog;

import java.time.Duration;

/// How items are grouped, and how many may wait.
///
/// @param pause how long a key's items wait for more, after the key was last written
/// @param pauseBytes how much of a key waits before that pause is over
/// @param lanes the groups that are written at the same time; a key is always of the same lane
/// @param groupItems the items of a group, at most
/// @param keyBytes how much of one key may wait before more is refused
/// @param totalBytes how much of all keys may wait
public record GroupCommitLimits(
    Duration pause, int pauseBytes, int lanes, int groupItems, int keyBytes, long totalBytes) {
  private static final int KIBIBYTE = 1024;

  /// What suits the tokens of many answers that are written at once.
  public static GroupCommitLimits defaults() {
    return new GroupCommitLimits(
        Duration.ofMillis(40),
        4 * KIBIBYTE,
        2,
        256,
        KIBIBYTE * KIBIBYTE,
        64L * KIBIBYTE * KIBIBYTE);
  }
}
