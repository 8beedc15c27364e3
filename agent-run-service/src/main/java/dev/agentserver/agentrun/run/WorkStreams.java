package dev.agentserver.agentrun.run;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs workers' streams.
final class WorkStreams {
  private final Leases leases;
  private final RunBells bells;
  private final RunLimits limits;
  private final Standing standing;

  WorkStreams(Leases leases, RunBells bells, RunLimits limits, Standing standing) {
    this.leases = leases;
    this.bells = bells;
    this.limits = limits;
    this.standing = standing;
  }

  /// Serves a worker until it has sent its last, or something fails.
  ///
  /// @param first what it begins with
  /// @param steps waits for the next one; empty when the worker has sent its last. One that waits
  /// for work has nothing to say
  void run(
      Caller caller,
      Optional<WorkStep> first,
      Supplier<Optional<WorkStep>> steps,
      Consumer<WorkNews> news) {
    if (!(first.orElse(null) instanceof WorkStep.Open open)) {
      throw Problem.invalid("step", "must be open: the stream has just begun");
    }
    new WorkStream(leases, bells, limits.look(), standing, caller, steps, news).run(open);
  }
}
