package dev.agentserver.agentrun.session;

/// The parts of the work, in order.
public enum Phase {
  SPEC,
  PLAN,
  BUILD,
  DOCS,
  DONE
}
