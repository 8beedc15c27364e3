package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.InterruptStore.Position;
import dev.agentserver.agentrun.run.RunNews.Category;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What runs ask people. A run that asks is let go of; with the answer somebody takes it up again.
final class Interrupts {
  /// A page of the list, and where the next one begins; null on the last.
  record Page(List<Interrupt> interrupts, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final Ids ids;
  private final RunStore store;
  private final Runs runs;
  private final InterruptStore interrupts;
  private final Lifecycle lifecycle;
  private final RunFeed feed;
  private final RunLimits limits;

  Interrupts(
      Database database,
      Writes writes,
      Ids ids,
      RunStore store,
      Runs runs,
      InterruptStore interrupts,
      Lifecycle lifecycle,
      RunFeed feed,
      RunLimits limits) {
    this.database = database;
    this.writes = writes;
    this.ids = ids;
    this.store = store;
    this.runs = runs;
    this.interrupts = interrupts;
    this.lifecycle = lifecycle;
    this.feed = feed;
    this.limits = limits;
  }

  /// Asks, and lets go of the run, which the caller holds with what is above it.
  Interrupt open(DSLContext db, Run run, Interrupt.Draft draft) {
    if (run.state() == RunState.CANCELLING) {
      throw Runs.wrongState(run);
    }
    var patience = Objects.requireNonNullElse(draft.patience(), limits.answer());
    var opened = interrupts.open(db, run, ids.next(), draft, patience);
    tell(db, run, opened);
    lifecycle.await(db, run, patience);
    return opened;
  }

  /// Asks whether a step may be done.
  Interrupt ask(DSLContext db, Run run, Step.Draft step) {
    var prompt = step.name().isEmpty() ? step.key() : step.name();
    return open(
        db,
        run,
        new Interrupt.Draft(step.key(), Interrupt.Kind.APPROVAL, prompt, step.input(), null, null));
  }

  Optional<Interrupt> answerFor(DSLContext db, Run run, String stepKey) {
    return interrupts.answerFor(db, run, stepKey);
  }

  Interrupt resolve(
      Caller caller,
      Attempt<Interrupt> attempt,
      UUID runId,
      UUID id,
      boolean approved,
      @Nullable String response) {
    var asked =
        database.read(
            db -> {
              runs.find(db, caller, Access.WRITE, runId);
              return find(db, caller, runId, id);
            });
    ResponseSchema.check(asked, approved, response);
    return writes.once(
        caller,
        attempt,
        db -> {
          var place = Place.of(runs.find(db, caller, Access.WRITE, runId));
          var run = store.lockToEnd(db, place).orElseThrow(() -> Runs.missing(runId));
          var interrupt = find(db, caller, runId, id);
          if (interrupt.state() != Interrupt.State.OPEN) {
            throw ended(interrupt);
          }
          var answered = interrupts.resolve(db, run, id, approved, response, caller.principalId());
          tell(db, run, answered);
          lifecycle.answered(db, run);
          return answered;
        });
  }

  private Interrupt find(DSLContext db, Caller caller, UUID runId, UUID id) {
    return interrupts
        .find(db, caller.tenantId(), runId, id)
        .orElseThrow(() -> new Problem.NotFound("interrupt", id.toString()).raise());
  }

  Page list(Caller caller, UUID runId, @Nullable Position after, int size) {
    return database.read(
        db -> {
          runs.find(db, caller, Access.READ, runId);
          var found = interrupts.list(db, caller.tenantId(), runId, after, size + 1);
          if (found.size() <= size) {
            return new Page(found, null);
          }
          var last = found.get(size - 1);
          return new Page(found.subList(0, size), new Position(last.createdAt(), last.id()));
        });
  }

  private void tell(DSLContext db, Run run, Interrupt interrupt) {
    var kind = "interrupt." + interrupt.state().name().toLowerCase(Locale.ROOT);
    var facts =
        Map.of(
            "interrupt_id",
            interrupt.id().toString(),
            "kind",
            interrupt.kind().name(),
            "approved",
            Boolean.toString(interrupt.approved()));
    feed.append(db, run.key(), new RunNews(Category.INTERRUPT, kind, interrupt.stepKey(), facts));
  }

  static RuntimeException tooMany(String resource, int limit) {
    return new Problem.Refused(
            "TOO_MANY",
            "a run has at most " + limit,
            Map.of("resource", resource, "limit", Integer.toString(limit)))
        .raise();
  }

  private static RuntimeException ended(Interrupt interrupt) {
    return new Problem.Refused(
            "INTERRUPT_ENDED",
            "the interrupt is " + interrupt.state(),
            Map.of("id", interrupt.id().toString(), "state", interrupt.state().name()))
        .raise();
  }
}
