package dev.agentserver.settings.revocation;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Revocation;
import dev.agentserver.kit.identity.Revocation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;

/// Revokes keys, users and tenants, and tells it to whoever asks.
public final class Revocations {
  /// Longer than the eleven minutes of a token, the hour by which a stream may outlive it, and the
  /// difference of clocks.
  private static final Duration KEPT = Duration.ofHours(3);

  /// How soon a revocation by another process is seen.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int PAGE = 1_000;

  private final Database database;
  private final dev.agentserver.kit.identity.Revocations here;
  private final Bell bell = new Bell();
  private final RevocationStore store = new RevocationStore();

  /// @param here what this process refuses callers by
  public Revocations(Database database, dev.agentserver.kit.identity.Revocations here) {
    this.database = database;
    this.here = here;
  }

  /// Refuses, from the commit on, every token that was issued for the subject before.
  ///
  /// To be the last thing a transaction does: those that revoke queue here until its end, and with
  /// what they change before in one order, none waits for another that waits for it.
  ///
  /// @param subject the id of the key, the user or the tenant
  public void add(DSLContext db, Kind kind, String subject) {
    store.insert(db, store.allocate(db), kind, subject);
    Database.afterCommit(db, bell::ring);
  }

  /// The revocations after a position; waits for the first one.
  List<Revocation> pull(long after, Duration wait, int limit) {
    var end = System.nanoTime() + wait.toNanos();
    while (true) {
      var rings = bell.rings();
      var found = database.read(db -> store.after(db, after, limit));
      var rest = Duration.ofNanos(end - System.nanoTime());
      if (!found.isEmpty() || !rest.isPositive()) {
        return found;
      }
      bell.await(rings, rest.compareTo(LOOK) < 0 ? rest : LOOK);
    }
  }

  /// Brings what this process refuses up to date.
  public void refresh() {
    List<Revocation> page;
    do {
      page = database.read(db -> store.after(db, here.position(), PAGE));
      page.forEach(here::add);
    } while (page.size() == PAGE);
  }

  /// Waits for the next revocation here, a second at most.
  void awaitNext(long rings) {
    bell.await(rings, LOOK);
  }

  long rings() {
    return bell.rings();
  }

  /// Ends a wait.
  void wake() {
    bell.ring();
  }

  /// Forgets what no token and no stream can still be concerned by.
  public void sweep(Instant now) {
    database.write(db -> store.removeOlderThan(db, KEPT));
    here.forget(now.minus(KEPT));
  }
}
