package dev.agentserver.conversation.rule;

/// What becomes of a message that a rule is about.
public enum Action {
  /// It is refused.
  BLOCK,
  /// What the rule found is taken out of it.
  REDACT,
  /// It is marked.
  FLAG
}
