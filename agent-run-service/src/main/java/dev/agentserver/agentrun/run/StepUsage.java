package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.usage.ProviderUsage;
import dev.agentserver.kit.identity.Caller;
import java.util.UUID;

/// What keeps the usage of steps. It writes in a transaction of its own: never within another.
public interface StepUsage {
  /// Names what a worker did of a step. A lease ends a step well once at most.
  record Work(UUID runId, long epoch, String stepKey) {}

  /// Records it once, however often it is told, and returns when that is committed.
  void record(Caller caller, Work work, ProviderUsage usage);
}
