package dev.agentserver.agentrun.event;

/// How much an event matters, as the `level` column says it.
public enum Level {
  DEBUG,
  INFO,
  WARN,
  ERROR
}
