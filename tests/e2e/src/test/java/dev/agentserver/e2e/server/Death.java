package dev.agentserver.e2e.server;

/// What is killed, without a goodbye.
public enum Death {
  PROCESS,
  POSTGRES,
  BOTH
}
