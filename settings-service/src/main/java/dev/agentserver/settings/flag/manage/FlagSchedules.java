package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Revision.Kind;
import dev.agentserver.settings.history.Scheduled;
import dev.agentserver.settings.history.Schedules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Changes of flags that are made when their time comes.
public final class FlagSchedules {
  private static final String RESOURCE = "scheduled flag change";
  private static final Duration FARTHEST = Duration.ofDays(366);

  private final Schedules schedules;
  private final Writes writes;
  private final AuditTrail audit;
  private final FlagBook book;
  private final Supplier<UUID> ids;
  private final Clock clock;

  FlagSchedules(
      Schedules schedules,
      Writes writes,
      AuditTrail audit,
      FlagBook book,
      Supplier<UUID> ids,
      Clock clock) {
    this.schedules = schedules;
    this.writes = writes;
    this.audit = audit;
    this.book = book;
    this.ids = ids;
    this.clock = clock;
  }

  Scheduled add(
      Caller caller,
      Attempt<Scheduled> attempt,
      Item item,
      Planned planned,
      Instant applyAt,
      String reason) {
    var now = clock.instant();
    if (!applyAt.isAfter(now) || applyAt.isAfter(now.plus(FARTHEST))) {
      throw Problem.invalid("apply_at", "must be in the future, within a year");
    }
    if (planned.action() == Planned.Action.SET && !planned.document().isDefined()) {
      throw Problem.invalid("flag.definition", "must be set");
    }
    return writes.once(
        caller,
        attempt,
        db -> {
          requirePossible(db, caller.tenantId(), item, planned);
          var scheduled =
              schedules.add(
                  db,
                  new Scheduled(
                      caller.tenantId(),
                      ids.get(),
                      applyAt,
                      reason,
                      Scheduled.State.PENDING,
                      0,
                      "",
                      caller.principalId(),
                      caller.credentialId(),
                      now,
                      List.of(new Scheduled.Planned(item, planned.print(), null))));
          record(db, caller, attempt.method(), scheduled);
          return scheduled;
        });
  }

  /// As far as can be told now.
  private void requirePossible(DSLContext db, UUID tenantId, Item item, Planned planned) {
    var current = book.store().find(db, tenantId, item);
    var check = book.check(db, tenantId);
    if (planned.action() != Planned.Action.SET && current.isEmpty() && !check.exists(item.key())) {
      throw Flags.missing(item);
    }
    check.require(item, planned.applyTo(current));
  }

  List<Scheduled> list(Caller caller, boolean pending, @Nullable UUID after, int limit) {
    return schedules.list(caller.tenantId(), pending, after, limit);
  }

  Scheduled cancel(Caller caller, Attempt<Scheduled> attempt, UUID id) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var cancelled = schedules.cancel(db, caller.tenantId(), id);
          record(db, caller, attempt.method(), cancelled);
          return cancelled;
        });
  }

  /// Makes what is due.
  public void makeDue() {
    schedules.makeDue(this::make);
  }

  private long make(DSLContext db, Scheduled scheduled) {
    var planned = scheduled.items().getFirst();
    var change =
        new Change(planned.item(), Kind.SCHEDULED, scheduled.scheduledBy(), scheduled.reason());
    var todo = Planned.parse(String.valueOf(planned.text()));
    return book.write(db, scheduled.tenantId(), change, todo::applyTo).revision();
  }

  private void record(DSLContext db, Caller caller, String action, Scheduled scheduled) {
    var changes =
        Map.of(
            "item", scheduled.items().getFirst().item().toString(),
            "apply_at", scheduled.applyAt().toString(),
            "state", scheduled.state().name());
    audit.record(db, caller, new AuditRecord(action, RESOURCE, scheduled.id().toString(), changes));
  }
}
