package dev.agentserver.kit.eventlog;

import java.util.List;

/// What a watcher is given.
public sealed interface Next<E> {
  /// What happened next. The events follow those before without a gap.
  record Events<E>(List<E> events) implements Next<E> {}

  /// The events that would follow are gone, or the watcher is too far behind them. It gets a
  /// snapshot in their place, see [Watch#continueAfter].
  record Behind<E>(Head head) implements Next<E> {}

  /// It is time for a heartbeat.
  ///
  /// @param seq everything up to it was delivered
  record Idle<E>(long seq) implements Next<E> {}

  /// The stream does not exist, or not any more.
  record Gone<E>() implements Next<E> {}
}
