package dev.agentserver.kit.eventlog;

import java.util.List;

/// What a poll answers. It is what a watch would have been given.
public sealed interface Poll<E> {
  /// The events that follow, without a gap; none when nothing happened in time.
  ///
  /// @param head that of the stream, as far as this process knows: a later page begins after the
  /// last event here and is there already if that is less than the head
  record Page<E>(List<E> events, long head) implements Poll<E> {}

  /// The events asked for are gone: the caller needs a snapshot, and goes on after the head.
  record Behind<E>(Head head) implements Poll<E> {}

  /// The stream does not exist.
  record Gone<E>() implements Poll<E> {}
}
