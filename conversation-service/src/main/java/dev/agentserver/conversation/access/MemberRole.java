package dev.agentserver.conversation.access;

/// What a member of a conversation may do, least first.
public enum MemberRole {
  VIEWER,
  EDITOR,
  OWNER
}
