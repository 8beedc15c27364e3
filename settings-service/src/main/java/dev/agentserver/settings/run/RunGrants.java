package dev.agentserver.settings.run;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Knows what runs may use. It asks another service, so never within a transaction.
@FunctionalInterface
public interface RunGrants {
  /// Empty where the lease is not the run's any more. Fails with Unavailable where nobody answers.
  Optional<RunGrant> find(UUID tenantId, UUID runId, long leaseEpoch);

  /// What the caller may use, who is a run. Fails with LEASE_LOST.
  default RunGrant require(Caller caller) {
    var run = caller.run();
    if (run == null) {
      throw new Problem.Denied("run").raise();
    }
    return find(caller.tenantId(), run.runId(), run.leaseEpoch())
        .filter(found -> found.userId().equals(caller.principalId()))
        .orElseThrow(
            () ->
                new Problem.Refused(
                        "LEASE_LOST",
                        "the lease is not the run's any more",
                        Map.of("id", run.runId().toString()))
                    .raise());
  }
}
