package dev.agentserver.agentrun.event;

/// What an event is about, as the `category` column says it.
public enum Category {
  HOOK,
  RESPONSE,
  PHASE,
  LIFECYCLE,
  USAGE,
  INTERRUPT,
  LOG,
  CUSTOM
}
