package dev.agentserver.conversation.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a row says happened, without its place in the sequence.
///
/// @param part the part it is about; null unless it is about one
/// @param offset of a PART_DELTA: where the text goes, in code points
/// @param content of a PART_DELTA: the text
/// @param data what else there is to say, a JSON object; null: nothing
public record EventRow(
    EventType type,
    @Nullable UUID messageId,
    @Nullable Integer part,
    @Nullable Integer offset,
    @Nullable String content,
    @Nullable String data) {
  /// Something that happened to a message.
  public static EventRow ofMessage(EventType type, UUID messageId, @Nullable String data) {
    return new EventRow(type, messageId, null, null, null, data);
  }

  /// Something that happened to a part of a message, other than growing.
  public static EventRow ofPart(EventType type, UUID messageId, int part, String data) {
    return new EventRow(type, messageId, part, null, null, data);
  }

  /// A part grew.
  public static EventRow delta(UUID messageId, int part, int offset, String text) {
    return new EventRow(EventType.PART_DELTA, messageId, part, offset, text, null);
  }

  /// Something that happened to the conversation itself.
  public static EventRow ofConversation(EventType type, @Nullable String data) {
    return new EventRow(type, null, null, null, null, data);
  }
}
