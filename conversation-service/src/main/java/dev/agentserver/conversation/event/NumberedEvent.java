package dev.agentserver.conversation.event;

import dev.agentserver.kit.eventlog.StreamKey;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.IntStream;

/// An event at its place in the sequence of its conversation.
///
/// @param at when it happened
public record NumberedEvent(StreamKey conversation, long seq, OffsetDateTime at, EventRow event) {
  /// Events of one conversation, the last of which gets the number `lastSeq`.
  public static List<NumberedEvent> numbered(
      StreamKey conversation, long lastSeq, OffsetDateTime at, List<EventRow> events) {
    var first = lastSeq - events.size() + 1;
    return IntStream.range(0, events.size())
        .mapToObj(i -> new NumberedEvent(conversation, first + i, at, events.get(i)))
        .toList();
  }
}
