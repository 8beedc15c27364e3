package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.db.Database;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/// The doorbells of a service. For feeds that look at a state when one rings, they are all there
/// is: a ring of another process may be missed while the way between the processes is broken, so
/// such a feed looks at its state every now and then all the same.
public final class Bells {
  private final ObjLongConsumer<StreamKey> tails;
  private final ObjLongConsumer<StreamKey> others;
  private final Runnable heal;
  private final ConcurrentHashMap<StreamKey, List<Subscription>> subscriptions =
      new ConcurrentHashMap<>();

  /// @param tails hears every bell
  /// @param others hears those rung here
  /// @param heal finds out for all tails what bells would have told
  Bells(ObjLongConsumer<StreamKey> tails, ObjLongConsumer<StreamKey> others, Runnable heal) {
    this.tails = tails;
    this.others = others;
    this.heal = heal;
  }

  /// Rings once the transaction is committed, and not at all if it is not. Subscribers of this
  /// process hear it at once, those of others soon.
  ///
  /// @param number grows with each ring of a key; of several that are due only the greatest is told
  public void ring(DSLContext db, StreamKey key, long number) {
    Database.afterCommit(
        db,
        () -> {
          hear(key, number);
          others.accept(key, number);
        });
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

  void hear(StreamKey key, long number) {
    tails.accept(key, number);
    subscriptions.getOrDefault(key, List.of()).forEach(Subscription::ring);
  }

  /// Rings may have been missed.
  void everything() {
    subscriptions.values().forEach(all -> all.forEach(Subscription::ring));
    heal.run();
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
