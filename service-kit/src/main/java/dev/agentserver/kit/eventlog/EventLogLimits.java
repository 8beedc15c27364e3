package dev.agentserver.kit.eventlog;

import java.time.Duration;

/// What an event log bounds, and how it is told of events.
///
/// @param tailEvents the newest events of a watched stream that are kept in memory, at most
/// @param tailBytes and their size
/// @param totalBytes the size of what is kept of all streams
/// @param pageEvents what a watcher is given at once
/// @param maxLag how many events a watcher may fall behind before it is sent to a snapshot
/// @param readers how many streams are read at the same time
/// @param outage how long the database may be away before watchers are told
/// @param doorbell whether processes tell each other of events; without, healing alone does
/// @param healing how often the heads of all watched streams are asked for
public record EventLogLimits(
    int tailEvents,
    long tailBytes,
    long totalBytes,
    int pageEvents,
    long maxLag,
    int readers,
    Duration outage,
    boolean doorbell,
    Duration healing) {
  private static final long MEBIBYTE = 1024 * 1024;

  /// What suits a process with a pool of eight.
  public static EventLogLimits defaults() {
    return new EventLogLimits(
        4_096,
        MEBIBYTE,
        128 * MEBIBYTE,
        256,
        10_000,
        4,
        Duration.ofSeconds(30),
        true,
        Duration.ofSeconds(1));
  }

  /// The same with another bound on what is kept of one stream.
  public EventLogLimits withTail(int events, long bytes) {
    return new EventLogLimits(
        events, bytes, totalBytes, pageEvents, maxLag, readers, outage, doorbell, healing);
  }

  /// The same with another bound on what is kept of all streams.
  public EventLogLimits withTotalBytes(long bytes) {
    return new EventLogLimits(
        tailEvents, tailBytes, bytes, pageEvents, maxLag, readers, outage, doorbell, healing);
  }

  /// The same with other pages.
  public EventLogLimits withPage(int events) {
    return new EventLogLimits(
        tailEvents, tailBytes, totalBytes, events, maxLag, readers, outage, doorbell, healing);
  }

  /// The same with another bound on how far a watcher may fall behind.
  public EventLogLimits withMaxLag(long events) {
    return new EventLogLimits(
        tailEvents, tailBytes, totalBytes, pageEvents, events, readers, outage, doorbell, healing);
  }

  /// The same with another patience for a database that is away.
  public EventLogLimits withOutage(Duration patience) {
    return new EventLogLimits(
        tailEvents,
        tailBytes,
        totalBytes,
        pageEvents,
        maxLag,
        readers,
        patience,
        doorbell,
        healing);
  }

  /// The same without the doorbell between processes.
  public EventLogLimits withoutDoorbell() {
    return new EventLogLimits(
        tailEvents, tailBytes, totalBytes, pageEvents, maxLag, readers, outage, false, healing);
  }

  /// The same with healing at another pace.
  public EventLogLimits withHealing(Duration interval) {
    return new EventLogLimits(
        tailEvents, tailBytes, totalBytes, pageEvents, maxLag, readers, outage, doorbell, interval);
  }
}
