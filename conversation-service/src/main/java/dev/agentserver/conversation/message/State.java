package dev.agentserver.conversation.message;

/// Where a message is in its life.
public enum State {
  STREAMING,
  COMPLETE,
  INCOMPLETE,
  FAILED,
  REDACTED
}
