package dev.agentserver.conversation.message;

/// Who speaks. The names are those of the database and of every model API, in capitals.
public enum Role {
  USER,
  ASSISTANT,
  SYSTEM,
  TOOL
}
