package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.link.ConversationLinks;
import dev.agentserver.agentrun.run.NewRun.Strategy;
import dev.agentserver.agentrun.run.RunListStore.Position;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Begins runs, and finds them.
public final class Runs {
  static final String RESOURCE = "run";
  static final String DEFAULT_QUEUE = "default";

  private static final int MAX_ATTEMPTS = 3;

  /// A page of the list, and where the next one begins; null on the last.
  record Page(List<Run> runs, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final Ids ids;
  private final RunStore store;
  private final RunListStore lists;
  private final LeaseStore leases;
  private final Lifecycle lifecycle;
  private final Catalogue catalogue;
  private final Sessions sessions;
  private final ConversationLinks conversations;
  private final RunBells bells;
  private final RunLimits limits;

  Runs(
      Database database,
      Writes writes,
      Ids ids,
      RunStore store,
      RunListStore lists,
      LeaseStore leases,
      Lifecycle lifecycle,
      Catalogue catalogue,
      Sessions sessions,
      ConversationLinks conversations,
      RunBells bells,
      RunLimits limits) {
    this.database = database;
    this.writes = writes;
    this.ids = ids;
    this.store = store;
    this.lists = lists;
    this.leases = leases;
    this.lifecycle = lifecycle;
    this.catalogue = catalogue;
    this.sessions = sessions;
    this.conversations = conversations;
    this.bells = bells;
    this.limits = limits;
  }

  Run create(Caller caller, Attempt<Run> attempt, NewRun wanted) {
    check(wanted);
    var asked = conversations.ask(caller, wanted.conversationId());
    var input = conversations.conversationOf(wanted.inputMessageId());
    var id = Objects.requireNonNullElseGet(wanted.id(), ids::next);
    return naming(
        id,
        wanted.externalId(),
        () ->
            writes.once(
                caller,
                attempt,
                db -> {
                  var draft = draft(db, caller, wanted, id);
                  checkInput(draft, input);
                  conversations.keep(db, asked);
                  return begin(db, draft, wanted.strategy());
                }));
  }

  /// Begins it once more, as a run of its own.
  Run retry(Caller caller, Attempt<Run> attempt, UUID runId, Strategy strategy) {
    var before = database.read(db -> find(db, caller, Access.WRITE, runId));
    var asked = conversations.ask(caller, before.key().conversationId());
    return writes.once(
        caller,
        attempt,
        db -> {
          var old = find(db, caller, Access.WRITE, runId);
          if (!old.state().over() || old.state() == RunState.SUCCEEDED) {
            throw wrongState(old);
          }
          if (old.terms().selfExecute()) {
            throw Problem.invalid("run_id", "is a run that executes itself: create another");
          }
          if (old.key().sessionId() != null) {
            sessions.enter(db, caller, old.key().sessionId());
          }
          conversations.keep(db, asked);
          return begin(db, again(caller, old), strategy);
        });
  }

  Run get(Caller caller, UUID runId) {
    return database.read(db -> find(db, caller, Access.READ, runId));
  }

  Page list(Caller caller, RunFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> lists.list(db, caller, filter, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var page = found.subList(0, size);
    var last = page.getLast();
    return new Page(page, new Position(last.terms().createdAt(), last.id()));
  }

  /// The run once it has ended or waits for people, or as it is when the time is over.
  Run await(Caller caller, UUID runId, Duration wait) {
    try (var ear = bells.listen(List.of(runId))) {
      var end = System.nanoTime() + wait.toNanos();
      while (true) {
        var run = get(caller, runId);
        var left = end - System.nanoTime();
        if (run.state().over() || run.state() == RunState.REQUIRES_ACTION || left <= 0) {
          return run;
        }
        ear.await(Duration.ofNanos(Math.min(left, limits.look().toNanos())));
      }
    }
  }

  Run find(DSLContext db, Caller caller, Access access, UUID runId) {
    return lists.find(db, caller, access, runId).orElseThrow(() -> missing(runId));
  }

  static RuntimeException missing(UUID runId) {
    return new Problem.NotFound(RESOURCE, runId.toString()).raise();
  }

  static RuntimeException wrongState(Run run) {
    return new Problem.Refused(
            "INVALID_RUN_STATE",
            "the run is " + run.state(),
            Map.of("id", run.id().toString(), "state", run.state().name()))
        .raise();
  }

  private static void check(NewRun wanted) {
    if (wanted.agentId() == null && !wanted.selfExecute()) {
      throw Problem.invalid("agent_id", "is required unless the run executes itself");
    }
    if (wanted.selfExecute()
        && (wanted.strategy() == Strategy.ENQUEUE || wanted.strategy() == Strategy.INTERRUPT)) {
      throw Problem.invalid("multitask_strategy", "a run that executes itself cannot wait");
    }
  }

  private static void checkInput(Draft draft, @Nullable UUID saidIn) {
    if (saidIn != null && !saidIn.equals(draft.key().conversationId())) {
      throw Problem.invalid("input_message_id", "was not said in the conversation of the run");
    }
  }

  private Draft draft(DSLContext db, Caller caller, NewRun wanted, UUID id) {
    var session = wanted.sessionId();
    var own = session == null ? null : sessions.enter(db, caller, session);
    var conversation = own == null ? wanted.conversationId() : own;
    if (wanted.parentRunId() != null) {
      var parent = find(db, caller, Access.WRITE, wanted.parentRunId());
      if (parent.state().over()) {
        throw wrongState(parent);
      }
    }
    var agent = wanted.agentId() == null ? null : catalogue.pin(db, caller, wanted.agentId());
    if (agent != null) {
      limits.tokens().check("agent_id", agent.maxTokens());
    }
    var attempts = wanted.maxAttempts() == 0 ? MAX_ATTEMPTS : wanted.maxAttempts();
    return new Draft(
        new RunKey(caller.tenantId(), id, caller.principalId(), session, conversation),
        caller.principalId(),
        wanted.agentId(),
        agent == null ? 0 : agent.version(),
        wanted.type(),
        queue(wanted, agent),
        wanted.selfExecute(),
        wanted.parentRunId() != null ? null : conversation != null ? conversation : session,
        wanted.inputMessageId(),
        wanted.parentRunId(),
        null,
        wanted.externalSessionId(),
        wanted.externalId(),
        wanted.metadata(),
        wanted.input(),
        wanted.selfExecute() ? 1 : attempts,
        wanted.timeout() == null ? limits.timeout() : wanted.timeout());
  }

  private static String queue(NewRun wanted, Catalogue.@Nullable Pinned agent) {
    if (!wanted.queue().isEmpty()) {
      return wanted.queue();
    }
    return agent == null || agent.queue() == null ? DEFAULT_QUEUE : agent.queue();
  }

  private Draft again(Caller caller, Run old) {
    var terms = old.terms();
    var key = old.key();
    return new Draft(
        new RunKey(key.tenantId(), ids.next(), key.userId(), key.sessionId(), key.conversationId()),
        caller.principalId(),
        terms.agentId(),
        terms.agentVersion(),
        terms.type(),
        terms.queue(),
        false,
        terms.concurrencyKey(),
        terms.inputMessageId(),
        terms.parentRunId(),
        old.id(),
        old.progress().externalSessionId(),
        null,
        terms.metadata(),
        old.input(),
        terms.maxAttempts(),
        Duration.between(terms.createdAt(), terms.deadlineAt()));
  }

  /// Decides with the key locked where the run begins. A run that makes room may be of another
  /// session of the same conversation, which is locked too late then: where two meet so, the
  /// database ends one and it is done again.
  private Run begin(DSLContext db, Draft draft, Strategy strategy) {
    var first = draft.selfExecute() ? RunState.RUNNING : RunState.QUEUED;
    var key = draft.concurrencyKey();
    if (key != null) {
      store.lockKey(db, draft.key().tenantId(), key);
      if (!makeRoom(db, draft, key, strategy)) {
        first = RunState.PENDING;
      }
    }
    var run = store.insert(db, draft, first, limits);
    if (draft.selfExecute()) {
      leases.insert(db, run, "", Map.of());
    }
    lifecycle.arrived(db, run);
    return run;
  }

  /// Whether nothing keeps the run waiting.
  private boolean makeRoom(DSLContext db, Draft draft, UUID key, Strategy strategy) {
    var tenant = draft.key().tenantId();
    var active = store.active(db, tenant, key);
    if (active.isEmpty()) {
      return true;
    }
    switch (strategy) {
      case REJECT ->
          throw new Problem.Refused(
                  "RUN_ACTIVE",
                  "another run of the conversation or session is active",
                  Map.of("id", active.get().toString()))
              .raise();
      case ENQUEUE -> {
        return false;
      }
      case INTERRUPT ->
          store
              .unfinished(db, tenant, key)
              .forEach(run -> lifecycle.cancel(db, run, draft.key().runId()));
      case ROLLBACK ->
          store
              .unfinished(db, tenant, key)
              .forEach(
                  run -> {
                    lifecycle.supersede(db, run, draft.key().runId());
                    store.removeSteps(db, run);
                  });
    }
    return store.active(db, tenant, key).isEmpty();
  }

  /// Says what was taken when the database finds a value that must be unique.
  private static Run naming(UUID id, @Nullable String externalId, Supplier<Run> write) {
    try {
      return write.get();
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "run_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "run_external_id_unique" ->
            new Problem.AlreadyExists(RESOURCE, "external_id " + externalId).raise();
        default -> e;
      };
    }
  }
}
