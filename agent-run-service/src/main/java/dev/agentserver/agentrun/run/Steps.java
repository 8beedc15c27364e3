package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.run.RunNews.Category;
import dev.agentserver.agentrun.usage.ProviderUsage;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What runs do, step by step: what is done is not done again, and no tool is called that the run's
/// agent may not call.
final class Steps {
  /// What to do with a step.
  enum Decision {
    EXECUTE,
    RECORDED,
    APPROVAL_REQUIRED,
    DENIED
  }

  /// @param interrupt what people are asked; null: nothing
  record Begun(Decision decision, Step step, @Nullable Interrupt interrupt) {}

  private static final String DENIED = "TOOL_DENIED";

  private final Database database;
  private final Leases leases;
  private final Interrupts interrupts;
  private final Catalogue catalogue;
  private final RunFeed feed;
  private final Runs runs;
  private final StepStore store;
  private final StepUsage usage;

  Steps(
      Database database,
      Leases leases,
      Interrupts interrupts,
      Catalogue catalogue,
      RunFeed feed,
      Runs runs,
      StepStore store,
      StepUsage usage) {
    this.database = database;
    this.leases = leases;
    this.interrupts = interrupts;
    this.catalogue = catalogue;
    this.feed = feed;
    this.runs = runs;
    this.store = store;
    this.usage = usage;
  }

  /// Of a run in a session that must ask, the session is locked before it: it begins anew then.
  Begun begin(Caller caller, UUID runId, long epoch, Step.Draft draft) {
    var begun =
        database.write(db -> begin(db, leases.held(db, caller, runId, epoch), draft, false));
    return begun != null
        ? begun
        : database.write(db -> begin(db, leases.heldToEnd(db, caller, runId, epoch), draft, true));
  }

  /// @return null where it must ask, and may not yet; nothing has happened then
  private @Nullable Begun begin(DSLContext db, Run run, Step.Draft draft, boolean mayAsk) {
    var before = store.find(db, run, draft.key()).orElse(null);
    if (before != null && before.state() == Step.State.SUCCEEDED) {
      return new Begun(Decision.RECORDED, before, null);
    }
    if (run.state() == RunState.CANCELLING) {
      throw Runs.wrongState(run);
    }
    if (before != null
        && before.state() == Step.State.RUNNING
        && before.leaseEpoch() == run.progress().leaseEpoch()) {
      return new Begun(Decision.EXECUTE, before, null);
    }
    return begin(db, run, draft, before, mayAsk || run.key().sessionId() == null);
  }

  private @Nullable Begun begin(
      DSLContext db, Run run, Step.Draft draft, @Nullable Step before, boolean mayAsk) {
    var permission = permission(db, run, draft);
    if (permission == Catalogue.Permission.ASK) {
      var answer = interrupts.answerFor(db, run, draft.key());
      if (answer.isEmpty()) {
        if (!mayAsk) {
          return null;
        }
        var step = record(db, run, draft, before, Step.State.WAITING);
        return new Begun(Decision.APPROVAL_REQUIRED, step, interrupts.ask(db, run, draft));
      }
      permission = answer.get().approved() ? Catalogue.Permission.ALLOW : Catalogue.Permission.DENY;
    }
    if (permission == Catalogue.Permission.DENY) {
      record(db, run, draft, before, Step.State.RUNNING);
      var fault = new Fault(DENIED, "the tool must not be called");
      var denied = store.end(db, run, draft.key(), null, fault);
      tell(db, run, denied);
      return new Begun(Decision.DENIED, denied, null);
    }
    var step = record(db, run, draft, before, Step.State.RUNNING);
    tell(db, run, step);
    return new Begun(Decision.EXECUTE, step, null);
  }

  /// Of a tool that the run's agent does not have: DENY. A run without an agent has the tools of
  /// whoever executes it.
  private Catalogue.Permission permission(DSLContext db, Run run, Step.Draft draft) {
    if (draft.kind() != Step.Kind.TOOL || run.terms().agentId() == null) {
      return Catalogue.Permission.ALLOW;
    }
    if (draft.toolId() == null) {
      throw Problem.invalid("tool_id", "is required of a step of kind TOOL");
    }
    return catalogue
        .permission(
            db, run.tenantId(), run.terms().agentId(), run.terms().agentVersion(), draft.toolId())
        .orElse(Catalogue.Permission.DENY);
  }

  private Step record(
      DSLContext db, Run run, Step.Draft draft, @Nullable Step before, Step.State state) {
    if (before == null && run.progress().stepCount() >= RunLimits.MAX_STEPS) {
      throw Interrupts.tooMany("step", RunLimits.MAX_STEPS);
    }
    if (draft.parentKey() != null && store.find(db, run, draft.parentKey()).isEmpty()) {
      throw Problem.invalid("parent_step_key", "is no step of the run");
    }
    var position = before == null ? store.count(db, run) : before.position();
    return store.begin(db, run, draft, position, state);
  }

  /// @param used what the step's call of a provider used, which counts whatever becomes of the
  /// step; null: it is not said
  Step complete(
      Caller caller,
      UUID runId,
      long epoch,
      String key,
      @Nullable String output,
      @Nullable ProviderUsage used) {
    if (used != null) {
      database.read(db -> mayHaveUsed(db, caller, runId, epoch, key));
      usage.record(caller, new StepUsage.Work(runId, epoch, key), used);
    }
    return end(caller, runId, epoch, key, output, null);
  }

  /// Refuses whoever never had this lease, and a lease that lasts and does nothing of the step. Of
  /// a lease that is lost it is not known any more what it did.
  private boolean mayHaveUsed(DSLContext db, Caller caller, UUID runId, long epoch, String key) {
    var run = leases.had(db, caller, runId, epoch);
    if (run.state().leased() && run.progress().leaseEpoch() == epoch) {
      store
          .find(db, run, key)
          .filter(step -> step.state() == Step.State.SUCCEEDED || isWorkedOn(step, epoch))
          .orElseThrow(() -> notRunning(key));
    }
    return true;
  }

  private static boolean isWorkedOn(Step step, long epoch) {
    return step.state() == Step.State.RUNNING && step.leaseEpoch() == epoch;
  }

  Step fail(Caller caller, UUID runId, long epoch, String key, Fault fault) {
    return end(caller, runId, epoch, key, null, fault);
  }

  private Step end(
      Caller caller,
      UUID runId,
      long epoch,
      String key,
      @Nullable String output,
      @Nullable Fault fault) {
    return database.write(
        db -> {
          var run = leases.held(db, caller, runId, epoch);
          var step = store.find(db, run, key).orElseThrow(() -> notRunning(key));
          var wanted = fault == null ? Step.State.SUCCEEDED : Step.State.FAILED;
          if (step.state() == wanted && (fault == null || step.leaseEpoch() == epoch)) {
            return step;
          }
          if (!isWorkedOn(step, epoch)) {
            throw notRunning(key);
          }
          var ended = store.end(db, run, key, output, fault);
          tell(db, run, ended);
          return ended;
        });
  }

  /// @param after the place of the last step of the page before; 0: from the first
  List<Step> list(Caller caller, UUID runId, int after, int limit) {
    return database.read(
        db -> {
          runs.find(db, caller, Access.READ, runId);
          return store.list(db, caller.tenantId(), runId, after, limit);
        });
  }

  private void tell(DSLContext db, Run run, Step step) {
    var kind = "step." + step.state().name().toLowerCase(Locale.ROOT);
    var facts =
        Map.of(
            "name",
            step.name(),
            "kind",
            step.kind().name(),
            "attempt",
            Integer.toString(step.attempt()));
    feed.append(db, run.key(), new RunNews(Category.PHASE, kind, step.key(), facts));
  }

  private static RuntimeException notRunning(String key) {
    return new Problem.Refused(
            "STEP_NOT_RUNNING", "this lease has not begun the step", Map.of("step_key", key))
        .raise();
  }
}
