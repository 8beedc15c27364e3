package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a message must be like after each step, by the shortest statement of the rules.
final class ModelMessage {
  /// How it stands with a message.
  enum Standing {
    STREAMING,
    COMPLETE,
    CANCELLED,
    LOST
  }

  /// A part, as code points.
  record ModelPart(Part start, List<Integer> text, boolean open) {
    private ModelPart copy() {
      return new ModelPart(start, new ArrayList<>(text), open);
    }

    String words() {
      return text.stream().map(Character::toString).collect(Collectors.joining());
    }
  }

  private final List<MessageStream> writers = new ArrayList<>();
  private List<ModelPart> parts = new ArrayList<>();
  private Standing standing = Standing.STREAMING;
  private boolean compacted;

  ModelMessage(MessageStream first) {
    writers.add(first);
  }

  String id() {
    return writers.getFirst().getMessage().getId();
  }

  /// All that ever wrote it; the last one is the one that may.
  List<MessageStream> writers() {
    return writers;
  }

  MessageStream writer() {
    return writers.getLast();
  }

  Standing standing() {
    return standing;
  }

  List<ModelPart> parts() {
    return parts;
  }

  String lengths() {
    return parts.stream().map(part -> part.text().size()).toList().toString();
  }

  String content() {
    return parts.stream()
        .filter(part -> part.start().hasText())
        .map(ModelPart::words)
        .collect(Collectors.joining("\n\n"));
  }

  Message.State state() {
    return switch (standing) {
      case STREAMING -> Message.State.STATE_STREAMING;
      case COMPLETE -> Message.State.STATE_COMPLETE;
      case CANCELLED, LOST -> Message.State.STATE_INCOMPLETE;
    };
  }

  /// What an append is answered: the lengths, or why it is refused.
  String append(MessageStream by, List<Delta> deltas) {
    if (compacted) {
      return "MESSAGE_NOT_STREAMING";
    }
    if (by != writer()) {
      return "WRITER_FENCED";
    }
    if (standing == Standing.CANCELLED) {
      return lengths() + " stopped";
    }
    var grown = new ArrayList<>(parts.stream().map(ModelPart::copy).toList());
    for (var delta : deltas) {
      var refusal = grow(grown, delta);
      if (!refusal.isEmpty()) {
        return refusal;
      }
    }
    if (standing != Standing.STREAMING && !grown.equals(parts)) {
      return "MESSAGE_NOT_STREAMING";
    }
    parts = grown;
    return lengths();
  }

  /// What the lengths would be after an append.
  String lengthsWith(List<Delta> deltas) {
    var before = parts;
    append(writer(), deltas);
    var lengths = lengths();
    parts = before;
    return lengths;
  }

  private static String grow(List<ModelPart> parts, Delta delta) {
    if (delta.getPart() == parts.size() && delta.getOffset() == 0) {
      var start = delta.hasStart() ? delta.getStart() : Part.newBuilder().setText("").build();
      parts.add(new ModelPart(start, new ArrayList<>(), !start.hasToolResult()));
    }
    if (delta.getPart() >= parts.size()) {
      return "APPEND_GAP";
    }
    var part = parts.get(delta.getPart());
    var text = delta.getText().replace('\0', '\uFFFD').codePoints().boxed().toList();
    if (!part.open()) {
      return delta.getOffset() + text.size() > part.text().size() ? "PART_DONE" : "";
    }
    if (delta.getOffset() > part.text().size()) {
      return "APPEND_GAP";
    }
    for (var i = part.text().size() - delta.getOffset(); i < text.size(); i++) {
      part.text().add(text.get(i));
    }
    if (delta.getDone()) {
      parts.set(delta.getPart(), new ModelPart(part.start(), part.text(), false));
    }
    return "";
  }

  /// What a completion is answered.
  String complete(MessageStream by) {
    if (!compacted && by != writer()) {
      return "WRITER_FENCED";
    }
    if (standing == Standing.STREAMING) {
      standing = Standing.COMPLETE;
    }
    return standing == Standing.COMPLETE ? state().name() : "MESSAGE_NOT_STREAMING";
  }

  boolean mayBeTakenOver() {
    return standing == Standing.STREAMING || standing == Standing.LOST;
  }

  void takenOver(MessageStream by) {
    writers.add(by);
    standing = Standing.STREAMING;
  }

  void stopped() {
    standing = standing == Standing.STREAMING ? Standing.CANCELLED : standing;
  }

  void lost() {
    standing = standing == Standing.STREAMING ? Standing.LOST : standing;
  }

  /// Its pieces are gone. Only of a message that may be taken up again is known how it may grow.
  void compacted() {
    compacted = standing == Standing.COMPLETE || standing == Standing.CANCELLED;
  }
}
