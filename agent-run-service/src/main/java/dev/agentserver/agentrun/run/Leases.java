package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.agent.AgentConfig.AgentTool;
import dev.agentserver.agentrun.agent.AgentUse;
import dev.agentserver.agentrun.agent.PinnedAgent;
import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.run.RunStore.Outcome;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Hands runs to workers, and knows who holds which.
final class Leases {
  private final Database database;
  private final RunStore runs;
  private final LeaseStore store;
  private final Lifecycle lifecycle;
  private final Tokens tokens;
  private final Tools tools;
  private final RunBells bells;
  private final RunLimits limits;
  private final AgentUse agents = new AgentUse();
  private final SurroundingsStore surroundings = new SurroundingsStore();

  Leases(
      Database database,
      RunStore runs,
      LeaseStore store,
      Lifecycle lifecycle,
      Tokens tokens,
      Tools tools,
      RunBells bells,
      RunLimits limits) {
    this.database = database;
    this.runs = runs;
    this.store = store;
    this.lifecycle = lifecycle;
    this.tokens = tokens;
    this.tools = tools;
    this.bells = bells;
    this.limits = limits;
  }

  /// Leases the run that has waited longest in the first of the queues that has one; waits for one.
  /// The same request gets the same lease.
  ///
  /// @param requestId empty: nothing is known of an earlier request
  Optional<Lease> acquire(
      Caller caller,
      List<String> queues,
      Map<String, String> labels,
      String requestId,
      Duration wait) {
    var keys = queues.stream().map(name -> new Lifecycle.Queue(caller.tenantId(), name)).toList();
    try (var ear = bells.listen(keys)) {
      var end = System.nanoTime() + wait.toNanos();
      while (true) {
        var lease = take(caller, queues, labels, requestId).flatMap(this::withToken);
        var left = end - System.nanoTime();
        if (lease.isPresent() || left <= 0) {
          return lease;
        }
        ear.await(Duration.ofNanos(Math.min(left, limits.look().toNanos())));
      }
    }
  }

  private Optional<Run> take(
      Caller caller, List<String> queues, Map<String, String> labels, String requestId) {
    try {
      return database.write(db -> take(db, caller, queues, labels, requestId));
    } catch (IntegrityConstraintViolationException twice) {
      if (!Constraints.violated(twice).orElse("").equals("run_lease_request_unique")) {
        throw twice;
      }
      // The same request came at the same time, and was first.
      return database.read(db -> again(db, caller, requestId));
    }
  }

  private Optional<Run> take(
      DSLContext db,
      Caller caller,
      List<String> queues,
      Map<String, String> labels,
      String requestId) {
    if (!requestId.isEmpty()) {
      var before = again(db, caller, requestId);
      if (before.isPresent()) {
        return before;
      }
    }
    return store
        .next(db, caller.tenantId(), queues)
        .map(
            run -> {
              var leased = lifecycle.leased(db, run, caller.principalId());
              store.insert(db, leased, requestId, labels);
              return runs.find(db, leased.tenantId(), leased.id()).orElseThrow();
            });
  }

  private Optional<Run> again(DSLContext db, Caller caller, String requestId) {
    return store
        .byRequest(db, caller, requestId)
        .map(
            held -> {
              requireLive(held.run(), held.epoch());
              return runs.find(db, held.run().tenantId(), held.run().id()).orElseThrow();
            });
  }

  /// Empty where the run's user may do nothing any more: the run has failed then.
  private Optional<Lease> withToken(Run run) {
    Tokens.Token token;
    try {
      token = tokens.issue(run);
    } catch (ProblemException refused) {
      if (!(refused.problem() instanceof Problem.Refused(var reason, var message, _))) {
        throw refused;
      }
      database.write(
          db -> {
            var now = runs.lockToEnd(db, Place.of(run)).orElseThrow();
            if (now.state() == RunState.RUNNING
                && now.progress().leaseEpoch() == run.progress().leaseEpoch()) {
              store.forget(db, now);
              lifecycle.end(db, now, RunState.FAILED, Outcome.of(reason, message));
            }
            return true;
          });
      return Optional.empty();
    }
    return Optional.of(equipped(run, token));
  }

  /// A fresh token for whoever holds the lease.
  Tokens.Token renew(Caller caller, UUID runId, long epoch) {
    return tokens.issue(database.write(db -> held(db, caller, runId, epoch)));
  }

  /// The lease of a run, for whoever holds it.
  Lease own(Run run) {
    return equipped(run, tokens.issue(run));
  }

  private Lease equipped(Run run, Tokens.Token token) {
    record Found(@Nullable PinnedAgent agent, Lease.Surroundings surroundings) {}
    var found = database.read(db -> new Found(agent(db, run), surroundings.of(db, run)));
    var enabled = Lease.enabled(found.agent()).stream().map(AgentTool::toolId).toList();
    return new Lease(
        run,
        token,
        found.agent(),
        enabled.isEmpty() ? List.of() : tools.find(run, token, enabled),
        found.surroundings());
  }

  private @Nullable PinnedAgent agent(DSLContext db, Run run) {
    var terms = run.terms();
    return terms.agentId() == null
        ? null
        : agents.pinned(db, run.tenantId(), terms.agentId(), terms.agentVersion());
  }

  /// Keeps the lease up. Whoever was told to end gets no more time than the grace.
  Run heartbeat(Caller caller, UUID runId, long epoch) {
    return database.write(
        db -> {
          var run = held(db, caller, runId, epoch);
          return keptUp(db, caller, List.of(run)).getFirst();
        });
  }

  /// The same of several at once. Those that the caller does not hold are left out.
  List<Run> heartbeat(Caller caller, List<LeaseStore.Name> leases) {
    return database.write(db -> keptUp(db, caller, store.lock(db, caller, leases)));
  }

  private List<Run> keptUp(DSLContext db, Caller caller, List<Run> locked) {
    var running =
        locked.stream().filter(run -> run.state() == RunState.RUNNING).map(Run::id).toList();
    var runs = new ArrayList<>(locked);
    if (!running.isEmpty()) {
      runs.removeIf(run -> run.state() == RunState.RUNNING);
      runs.addAll(store.extend(db, caller.tenantId(), running, limits.lease()));
    }
    return runs;
  }

  /// The runs of those of the leases that the caller holds, as they are now.
  List<Run> look(Caller caller, List<LeaseStore.Name> leases) {
    return database.read(db -> store.held(db, caller, leases));
  }

  Run complete(DSLContext db, Caller caller, UUID runId, long epoch, Outcome outcome) {
    var run = heldToEnd(db, caller, runId, epoch);
    remember(db, run, outcome.externalSessionId());
    return whole(
        db,
        run.state() == RunState.CANCELLING
            ? lifecycle.endCancelled(db, run, outcome)
            : lifecycle.end(db, run, RunState.SUCCEEDED, outcome));
  }

  /// @param retryable whether another attempt may succeed
  Run fail(
      DSLContext db,
      Caller caller,
      UUID runId,
      long epoch,
      Fault fault,
      boolean retryable,
      String externalSessionId) {
    var run = heldToEnd(db, caller, runId, epoch);
    remember(db, run, externalSessionId);
    var outcome = new Outcome(fault, null, null, null);
    if (run.state() == RunState.CANCELLING) {
      return whole(db, lifecycle.endCancelled(db, run, outcome));
    }
    return whole(
        db,
        retryable
            ? lifecycle.retry(db, run, fault)
            : lifecycle.end(db, run, RunState.FAILED, outcome));
  }

  Run release(DSLContext db, Caller caller, UUID runId, long epoch, String externalSessionId) {
    var run = heldToEnd(db, caller, runId, epoch);
    remember(db, run, externalSessionId);
    return whole(db, lifecycle.letGo(db, run));
  }

  private void remember(DSLContext db, Run run, String externalSessionId) {
    if (externalSessionId != null && !externalSessionId.isEmpty()) {
      runs.remember(db, run, externalSessionId);
    }
  }

  private Run whole(DSLContext db, Run run) {
    return runs.find(db, run.tenantId(), run.id()).orElseThrow();
  }

  /// The run. Fails where the caller never had this lease of it.
  Run had(DSLContext db, Caller caller, UUID runId, long epoch) {
    return store.had(db, caller, runId, epoch).orElseThrow(() -> Runs.missing(runId));
  }

  /// The run, locked. Fails where the caller does not hold this lease, or holds it no more.
  Run held(DSLContext db, Caller caller, UUID runId, long epoch) {
    var run = store.lock(db, caller, runId, epoch).orElseThrow(() -> Runs.missing(runId));
    requireLive(run, epoch);
    return run;
  }

  /// The same for what may end it or asks people: what is above it is locked first.
  Run heldToEnd(DSLContext db, Caller caller, UUID runId, long epoch) {
    runs.place(db, caller.tenantId(), runId).ifPresent(place -> runs.lockAbove(db, place));
    return held(db, caller, runId, epoch);
  }

  static void requireLive(Run run, long epoch) {
    if (!run.state().leased() || run.progress().leaseEpoch() != epoch) {
      throw lost(run);
    }
  }

  static RuntimeException lost(Run run) {
    return new Problem.Refused(
            "LEASE_LOST",
            "the lease has ended, or another has replaced it",
            Map.of("id", run.id().toString()))
        .raise();
  }
}
