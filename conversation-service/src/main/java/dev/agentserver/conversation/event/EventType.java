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
  MESSAGE_DELETED,
  BRANCH_CREATED,
  BRANCH_SWITCHED,
  CONVERSATION_UPDATED,
  CONVERSATION_DELETED,
  MEMBER_CHANGED,
  TAG_CHANGED,
  FEEDBACK_CHANGED;

  /// Whether it is removed some time after its message has ended.
  public boolean passing() {
    return switch (this) {
      case PART_STARTED, PART_DELTA, PART_DONE -> true;
      case MESSAGE_CREATED,
          MESSAGE_COMPLETED,
          MESSAGE_FAILED,
          MESSAGE_UPDATED,
          MESSAGE_DELETED,
          BRANCH_CREATED,
          BRANCH_SWITCHED,
          CONVERSATION_UPDATED,
          CONVERSATION_DELETED,
          MEMBER_CHANGED,
          TAG_CHANGED,
          FEEDBACK_CHANGED ->
          false;
    };
  }
}
