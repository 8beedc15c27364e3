package dev.agentserver.conversation.event;

/// What happened, as the `type` column says it.
public enum EventType {
  MESSAGE_CREATED,
  PART_STARTED,
  PART_DELTA,
  PART_DONE,
  MESSAGE_COMPLETED,
  MESSAGE_FAILED,
  MESSAGE_UPDATED,
  CONVERSATION_UPDATED,
  CONVERSATION_DELETED;

  /// Whether it is removed some time after its message has ended.
  public boolean passing() {
    return switch (this) {
      case PART_STARTED, PART_DELTA, PART_DONE -> true;
      case MESSAGE_CREATED,
          MESSAGE_COMPLETED,
          MESSAGE_FAILED,
          MESSAGE_UPDATED,
          CONVERSATION_UPDATED,
          CONVERSATION_DELETED ->
          false;
    };
  }
}
