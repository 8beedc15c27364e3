package dev.agentserver.settings.configuration;

import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.definition.DefinitionStore;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Revision.Kind;
import dev.agentserver.settings.history.Scheduled;
import dev.agentserver.settings.history.Scheduled.Planned;
import dev.agentserver.settings.history.Schedules;
import dev.agentserver.settings.secret.Undecryptable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Changes that are made later. Their secrets wait sealed.
public final class Plans {
  private static final Duration LATEST = Duration.ofDays(366);
  private static final String ACTION = "scheduled-change";

  private final Writes writes;
  private final History history;
  private final Changes changes;
  private final Schedules schedules;
  private final Supplier<UUID> ids;
  private final Clock clock;
  private final DefinitionStore definitions = new DefinitionStore();

  Plans(
      Writes writes,
      History history,
      Changes changes,
      Schedules schedules,
      Supplier<UUID> ids,
      Clock clock) {
    this.writes = writes;
    this.history = history;
    this.changes = changes;
    this.schedules = schedules;
    this.ids = ids;
    this.clock = clock;
  }

  Scheduled schedule(
      Caller caller,
      Attempt<Scheduled> attempt,
      List<ValueChange> list,
      Instant applyAt,
      String reason) {
    var now = clock.instant();
    if (!applyAt.isAfter(now) || applyAt.isAfter(now.plus(LATEST))) {
      throw Problem.invalid("apply_at", "must be in the future, within a year");
    }
    return writes.once(
        caller,
        attempt,
        db -> {
          var id = ids.get();
          changes.require(db, caller.tenantId(), list);
          var planned = planned(db, caller.tenantId(), id, list);
          var scheduled =
              new Scheduled(
                  caller.tenantId(),
                  id,
                  applyAt,
                  reason,
                  Scheduled.State.PENDING,
                  0,
                  "",
                  caller.principalId(),
                  caller.credentialId(),
                  now,
                  planned);
          changes.recordPlan(db, caller, attempt.method(), id, applyAt);
          return schedules.add(db, scheduled);
        });
  }

  private List<Planned> planned(DSLContext db, UUID tenantId, UUID id, List<ValueChange> list) {
    var keys = list.stream().map(change -> change.item().key()).distinct().toList();
    var defined = definitions.find(db, tenantId, keys);
    return list.stream()
        .map(
            change -> {
              var text = change.text();
              return text != null && defined.get(change.item().key()).sensitive()
                  ? new Planned(
                      change.item(),
                      null,
                      changes.secrets().seal(text, place(tenantId, id, change.item())))
                  : new Planned(change.item(), text, null);
            })
        .toList();
  }

  static String place(UUID tenantId, UUID id, Item item) {
    return "scheduled|" + tenantId + "|" + id + "|" + item;
  }

  Scheduled cancel(Caller caller, Attempt<Scheduled> attempt, UUID id) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var cancelled = schedules.cancel(db, caller.tenantId(), id);
          changes.recordPlan(db, caller, attempt.method(), id, cancelled.applyAt());
          return cancelled;
        });
  }

  /// A page, and the id the next one begins after; null on the last.
  record Page(List<Scheduled> changes, @Nullable UUID next) {}

  /// The newest first.
  Page list(Caller caller, boolean pending, @Nullable UUID after, int size) {
    var found = schedules.list(caller.tenantId(), pending, after, size + 1);
    return found.size() <= size
        ? new Page(found, null)
        : new Page(found.subList(0, size), found.get(size - 1).id());
  }

  /// Makes what is due.
  public void makeDue() {
    schedules.makeDue(this::make);
  }

  private long make(DSLContext db, Scheduled change) {
    var turn = history.begin(db, change.tenantId());
    var list = change.items().stream().map(planned -> due(change, planned)).toList();
    var edit = new Edit(Kind.SCHEDULED, ACTION, null, change.reason(), false);
    changes.make(db, turn, author(change), edit, list);
    return turn.last() == turn.begin() ? 0 : turn.last();
  }

  private ValueChange due(Scheduled change, Planned planned) {
    var sealed = planned.sealed();
    if (sealed == null) {
      return new ValueChange(planned.item(), planned.text());
    }
    try {
      var place = place(change.tenantId(), change.id(), planned.item());
      return new ValueChange(planned.item(), changes.secrets().open(sealed, place));
    } catch (Undecryptable _) {
      throw Changes.lost(planned.item());
    }
  }

  /// Whoever scheduled it, as of then.
  private static Caller author(Scheduled change) {
    return new Caller(
        change.tenantId(),
        change.scheduledBy(),
        Caller.Kind.USER,
        Set.of(),
        Set.of(),
        change.credentialId());
  }
}
