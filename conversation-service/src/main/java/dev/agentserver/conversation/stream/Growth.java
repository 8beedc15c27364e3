package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.message.Content;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.message.Part;
import dev.agentserver.conversation.message.PartsJson;
import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// How far the parts of one message have grown, and the one rule by which they grow: what is there
/// already is passed over, what follows on is added, what leaves a gap is refused. So a piece that
/// is sent twice is applied once.
final class Growth {
  private final UUID messageId;
  private final List<Integer> lengths;
  private final List<Boolean> open;
  private final List<EventRow> events = new ArrayList<>();
  private int sizeBytes;

  Growth(UUID messageId, List<Integer> lengths, List<Boolean> open, int sizeBytes) {
    this.messageId = messageId;
    this.lengths = new ArrayList<>(lengths);
    this.open = new ArrayList<>(open);
    this.sizeBytes = sizeBytes;
  }

  private Growth(Growth other) {
    this(other.messageId, other.lengths, other.open, other.sizeBytes);
    events.addAll(other.events);
  }

  /// What this is with all of the deltas; one that is refused refuses them all.
  Growth with(List<Delta> deltas) {
    var grown = new Growth(this);
    deltas.forEach(grown::add);
    return grown;
  }

  List<Integer> lengths() {
    return lengths;
  }

  List<Boolean> open() {
    return open;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  /// What has happened since this was made, in order; neighbouring pieces of one part are one.
  List<EventRow> events() {
    return events;
  }

  private void add(Delta delta) {
    if (delta.part() > lengths.size() || (delta.part() == lengths.size() && delta.offset() > 0)) {
      throw gap(lengths.size(), 0);
    }
    if (delta.part() == lengths.size()) {
      begin(delta);
    }
    if (open.get(delta.part())) {
      grow(delta);
    } else {
      refuseMore(delta);
    }
    if (sizeBytes > Content.MAX_BYTES) {
      throw new Problem.Refused(
              "TOO_LARGE",
              "a message holds at most " + Content.MAX_BYTES + " bytes",
              Map.of("limit_bytes", Integer.toString(Content.MAX_BYTES)))
          .raise();
    }
  }

  private void begin(Delta delta) {
    var start = delta.start() == null ? new Part.Text("") : delta.start();
    var grows = grows(delta.field(), start);
    if (!grows && !delta.text().isEmpty()) {
      throw Problem.invalid(delta.field() + "text", "must be empty: the part is whole already");
    }
    lengths.add(0);
    open.add(grows);
    sizeBytes += Content.bytes(List.of(start));
    events.add(
        EventRow.ofPart(
            EventType.PART_STARTED, messageId, delta.part(), PartsJson.write(List.of(start))));
  }

  /// Whether the part grows by deltas; one that does begins empty, so that its offsets begin at 0.
  private static boolean grows(String field, Part start) {
    return switch (start) {
      case Part.Text(var text) -> empty(field + "start.text", text);
      case Part.Reasoning(var text, _) -> empty(field + "start.reasoning.text", text);
      case Part.ToolCall call ->
          empty(field + "start.tool_call.input_text", call.inputText()) && call.input().isEmpty();
      case Part.ToolResult _, Part.FileRef _, Part.Data _ -> false;
    };
  }

  private static boolean empty(String field, String text) {
    if (!text.isEmpty()) {
      throw Problem.invalid(field, "must be empty: the text follows in deltas");
    }
    return true;
  }

  private void grow(Delta delta) {
    var length = lengths.get(delta.part());
    if (delta.offset() > length) {
      throw gap(delta.part(), length);
    }
    var text = delta.text();
    var points = text.codePointCount(0, text.length());
    var known = length - delta.offset();
    if (points > known) {
      var rest = text.substring(text.offsetByCodePoints(0, known));
      lengths.set(delta.part(), delta.offset() + points);
      sizeBytes += rest.getBytes(StandardCharsets.UTF_8).length;
      addDelta(delta.part(), length, rest);
    }
    if (delta.done()) {
      finish(delta);
    }
  }

  private void finish(Delta delta) {
    open.set(delta.part(), false);
    sizeBytes += delta.signature().getBytes(StandardCharsets.UTF_8).length;
    var data =
        Map.of(
            "length", Integer.toString(lengths.get(delta.part())), "signature", delta.signature());
    events.add(
        EventRow.ofPart(EventType.PART_DONE, messageId, delta.part(), MetadataJson.write(data)));
  }

  private void addDelta(int part, int offset, String text) {
    var last = events.isEmpty() ? null : events.getLast();
    if (last != null && last.type() == EventType.PART_DELTA && last.part() == part) {
      events.removeLast();
      events.add(EventRow.delta(messageId, part, last.offset(), last.content() + text));
    } else {
      events.add(EventRow.delta(messageId, part, offset, text));
    }
  }

  /// A part that is whole takes what it has already, and nothing more.
  private void refuseMore(Delta delta) {
    var end = delta.offset() + delta.text().codePointCount(0, delta.text().length());
    if (end > lengths.get(delta.part())) {
      throw new Problem.Refused(
              "PART_DONE", "the part is whole", Map.of("part", Integer.toString(delta.part())))
          .raise();
    }
  }

  private static RuntimeException gap(int part, int expected) {
    return new Problem.Refused(
            "APPEND_GAP",
            "the delta begins beyond what has arrived",
            Map.of("part", Integer.toString(part), "expected_offset", Integer.toString(expected)))
        .raise();
  }
}
