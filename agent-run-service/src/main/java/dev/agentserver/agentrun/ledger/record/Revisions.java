package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.LedgerStore;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.ledger.record.Spending.Charge;
import dev.agentserver.agentrun.ledger.record.Spending.Charged;
import dev.agentserver.agentrun.ledger.rollup.Movement;
import dev.agentserver.agentrun.ledger.rollup.RollupStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/// Changes what is in the ledger: by further lines, with every sum and budget that they belong to,
/// in one transaction.
final class Revisions {
  private final Spending spending;
  private final LedgerStore ledger = new LedgerStore();
  private final RollupStore rollups = new RollupStore();

  Revisions(Spending spending) {
    this.spending = spending;
  }

  /// Writes those whose events nobody has changed meanwhile, and returns them. The locks are taken
  /// in the order of the [Writer].
  List<Revision> write(DSLContext db, UUID tenantId, List<Revision> revisions, Instant at) {
    spending.enter(db, List.of(tenantId));
    var ids = revisions.stream().map(one -> one.before().id()).toList();
    var now =
        ledger.lock(db, tenantId, ids).stream()
            .collect(Collectors.toMap(UsageEvent::id, Function.identity()));
    var same =
        revisions.stream()
            .filter(one -> isAsItWas(one.before(), now.get(one.before().id())))
            .map(one -> one.of(now.get(one.before().id()).who()))
            .toList();
    var charged = spending.charge(db, same.stream().map(Revisions::charge).toList());
    var moves = new ArrayList<Movement>();
    for (var one : same) {
      ledger.revise(db, one.before(), over(charged).apply(one.after()), one.added(), at);
      Movement.of(one.before()).forEach(move -> moves.add(move.negated()));
      moves.addAll(Movement.of(one.after()));
    }
    rollups.apply(db, moves);
    spending.finish(db, charged);
    return same;
  }

  private static boolean isAsItWas(UsageEvent before, UsageEvent now) {
    return now != null
        && now.lines().equals(before.lines())
        && now.readings().equals(before.readings())
        && now.state() == before.state()
        && now.cost().state() == before.cost().state();
  }

  /// What was reserved may be enough now, or no more.
  private static UnaryOperator<UsageEvent> over(Charged charged) {
    return event ->
        charged.over().contains(event.id())
            ? event.over(true)
            : charged.within().contains(event.id()) ? event.over(false) : event;
  }

  private static Charge charge(Revision one) {
    var event = one.before();
    return new Charge(
        event.id(),
        event.who(),
        event.holdId(),
        event.occurredAt(),
        one.costAfter().subtract(one.costBefore()),
        one.costAfter(),
        false);
  }
}
