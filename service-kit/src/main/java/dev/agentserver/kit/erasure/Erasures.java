package dev.agentserver.kit.erasure;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.outbox.Doorbell;
import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// The orders to erase that came as facts of settings-service: `user.erased`, whose subject is the
/// user, and `tenant.erased`; both with {erasure_id}. Hearing the fact writes the order down;
/// [ErasureWorker] carries it out.
public final class Erasures implements FactHandler {
  /// How long what must stay is left alone.
  private static final Duration KEPT = Duration.ofDays(1);

  private final Database database;
  private final ErasureLimits limits;
  private final RowStore rows;
  private final ErasureStore store = new ErasureStore();
  private final Doorbell doorbell = new Doorbell();

  /// @param rows what is looked through for what is left
  public Erasures(Database database, ErasureLimits limits, RowStore rows) {
    this.database = database;
    this.limits = limits;
    this.rows = rows;
  }

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    switch (fact.type()) {
      case "user.erased" ->
          order(db, fact, new Erased(fact.tenantId(), id(fact), UUID.fromString(fact.subjectId())));
      case "tenant.erased" -> order(db, fact, new Erased(fact.tenantId(), id(fact), null));
      default -> {
        // Not for whoever erases.
      }
    }
  }

  private static UUID id(PulledFact fact) {
    return UUID.fromString(fact.data().get("erasure_id"));
  }

  private void order(DSLContext db, PulledFact fact, Erased whom) {
    store.insert(db, whom, fact.createdAt());
    Database.afterCommit(db, doorbell::ring);
  }

  /// Returns when there may be an order.
  void await() throws InterruptedException {
    doorbell.await(limits.idle());
  }

  void ring() {
    doorbell.ring();
  }

  Optional<Erased> claim() {
    return database.write(db -> store.claim(db, limits.lease()));
  }

  /// Does one piece, and counts what it did in the same transaction. False when there is nothing
  /// left to do.
  boolean piece(Erased whom, Eraser.Step step) {
    return database.write(
        db -> {
          if (!store.renew(db, whom, limits.lease())) {
            return false;
          }
          var tally = new Tally();
          var more = step.next(db, tally);
          store.add(db, whom, tally);
          return more;
        });
  }

  /// Looks through every table, and returns how many rows there still are.
  long count(Erased whom) {
    var left = 0L;
    for (var table : rows.tables()) {
      var found = database.read(db -> rows.remaining(db, table, whom.tenantId(), whom.userId()));
      database.write(
          db -> {
            if (store.renew(db, whom, limits.lease())) {
              store.remaining(db, whom, table.getName(), found);
            }
            return true;
          });
      left += found;
    }
    return left;
  }

  boolean keeps(Erased whom, Eraser eraser) {
    return database.read(db -> eraser.keeps(db, whom));
  }

  /// It is tried again another day.
  void keepFor(Erased whom) {
    database.write(db -> store.renew(db, whom, KEPT));
  }

  List<ErasedTable> tables(Erased whom) {
    return database.read(db -> store.tables(db, whom));
  }

  void reported(Erased whom) {
    database.write(
        db -> {
          store.reported(db, whom, limits.late());
          return true;
        });
  }

  void postpone(Erased whom) {
    database.write(
        db -> {
          store.postpone(db, whom, limits.retry(), limits.longestRetry());
          return true;
        });
  }

  void release(Erased whom) {
    database.write(
        db -> {
          store.release(db, whom);
          return true;
        });
  }
}
