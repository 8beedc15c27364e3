package dev.agentserver.kit.outbox;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// The facts of this service that others must learn.
///
/// A fact is written in the transaction of its effect and has no position until that is committed;
/// then the [OutboxSequencer] numbers it. So positions are dense and in order of commit, and a
/// transaction that stays open holds up no other's facts.
public final class Outbox {
  private static final int SWEEP = 1_000;

  private final Database database;
  private final Ids ids;
  private final OutboxStore store = new OutboxStore();
  private final Doorbell doorbell = new Doorbell();
  private final Head head = new Head();

  public Outbox(Database database, Ids ids) {
    this.database = database;
    this.ids = ids;
  }

  /// Adds a fact to the transaction.
  ///
  /// @param type what happened, for example "conversation.deleted"
  /// @param subjectId what it happened to
  /// @param data what else a consumer needs: strings, numbers and booleans
  public void publish(
      DSLContext db, UUID tenantId, String type, String subjectId, Map<String, ?> data) {
    store.insert(db, tenantId, ids.next(), type, subjectId, data);
    Database.afterCommit(db, doorbell::ring);
  }

  /// The facts after a position; waits for the first one. Registers the consumer.
  List<Fact> pull(String consumer, long after, Duration wait, int limit) {
    database.write(
        db -> {
          store.register(db, consumer, after);
          return true;
        });
    var facts = read(after, limit);
    if (!facts.isEmpty()) {
      return facts;
    }
    refuseBeyondHead(after);
    if (wait.isZero()) {
      return facts;
    }
    try {
      // Another process may have numbered something: its sequencer rings nobody here.
      doorbell.ring();
      head.await(after, wait);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
    return read(after, limit);
  }

  private List<Fact> read(long after, int limit) {
    return database.read(db -> store.after(db, after, limit));
  }

  /// A consumer that is ahead of this outbox, which came back from an old backup for example, would
  /// wait in silence until the positions reach it, and miss what they stand for.
  private void refuseBeyondHead(long after) {
    var last = database.read(store::head);
    if (after > last) {
      throw Problem.invalid("after", "is beyond the last position, " + last);
    }
  }

  /// Numbers what is committed, `batch` facts at a time.
  void number(int batch) {
    long numbered;
    do {
      numbered = head.raise(database.read(db -> store.number(db, batch)));
    } while (numbered >= batch);
  }

  /// Has the sequencer look.
  void ring() {
    doorbell.ring();
  }

  /// Waits until there may be something to number.
  void awaitWork(Duration awaited, Duration idle) throws InterruptedException {
    doorbell.await(awaited() ? awaited : idle);
  }

  /// Whether somebody waits here for a fact.
  boolean awaited() {
    return head.awaited();
  }

  /// Removes facts that are older than `keep` and that every registered consumer has passed.
  public void sweep(Duration keep) {
    int removed;
    do {
      removed = database.write(db -> store.removePassed(db, keep, SWEEP));
    } while (removed == SWEEP);
  }
}
