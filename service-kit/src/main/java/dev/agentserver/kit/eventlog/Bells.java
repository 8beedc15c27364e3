package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.db.Database;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/// The doorbells of a service, for feeds that look at a state when one rings. A ring may be missed
/// when another process rang while the way between the processes was broken, so a feed looks at its
/// state every now and then all the same.
public final class Bells {
  private final ConcurrentHashMap<StreamKey, List<Subscription>> subscriptions =
      new ConcurrentHashMap<>();

  Bells() {}

  /// Rings once the transaction is committed, and not at all if it is not.
  ///
  /// @param number grows with each ring of a key; of several that are due the greatest is told
  public void ring(DSLContext db, StreamKey key, long number) {
    Database.afterCommit(db, () -> ringHere(key));
  }

  /// Hears a bell from now on.
  public Subscription subscribe(StreamKey key) {
    var subscription = new Subscription(this, key);
    subscriptions.merge(
        key,
        List.of(subscription),
        (old, added) -> Stream.concat(old.stream(), added.stream()).toList());
    return subscription;
  }

  void ringHere(StreamKey key) {
    subscriptions.getOrDefault(key, List.of()).forEach(Subscription::ring);
  }

  void leave(Subscription left) {
    subscriptions.computeIfPresent(
        left.key(),
        (_, all) -> {
          var rest = all.stream().filter(one -> one != left).toList();
          return rest.isEmpty() ? null : rest;
        });
  }
}
