package dev.agentserver.e2e.streams;

/// What is killed, without a goodbye.
enum Death {
  PROCESS,
  POSTGRES,
  BOTH
}
