package dev.agentserver.conversation.sidebar;

import dev.agentserver.conversation.sidebar.LookoutStore.Changed;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Subscription;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out what no bell told: looks at all lists that are followed in this process, in one
/// statement, and wakes those who follow one in which something has just changed.
final class Lookout {
  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  /// Of one user. Whoever has more changes at once is woken by the latest of them.
  private static final int LATEST = 100;

  private final Database database;
  private final Duration overlap;
  private final LookoutStore store = new LookoutStore();
  private final ConcurrentHashMap<StreamKey, Set<Subscription>> followed =
      new ConcurrentHashMap<>();
  private Set<Changed> known = Set.of();
  private boolean failing;

  /// @param overlap how late a change may become visible after the time that it carries
  Lookout(Database database, Duration overlap) {
    this.database = database;
    this.overlap = overlap;
  }

  void enter(StreamKey user, Subscription follower) {
    followed.compute(
        user,
        (_, all) -> {
          var more = all == null ? new HashSet<Subscription>() : new HashSet<>(all);
          more.add(follower);
          return more;
        });
  }

  void leave(StreamKey user, Subscription follower) {
    followed.computeIfPresent(
        user,
        (_, all) -> {
          var rest = new HashSet<>(all);
          rest.remove(follower);
          return rest.isEmpty() ? null : rest;
        });
  }

  /// Looks once. Changes are told apart by what they are, not by how late they are, because one
  /// that was committed late carries a time from before others that are known already.
  void look() {
    var users = List.copyOf(followed.keySet());
    if (users.isEmpty()) {
      known = Set.of();
      return;
    }
    try {
      var recent = new HashSet<>(database.read(db -> store.recent(db, users, overlap, LATEST)));
      recent.stream()
          .filter(change -> !known.contains(change))
          .map(Changed::user)
          .distinct()
          .flatMap(user -> followed.getOrDefault(user, Set.of()).stream())
          .forEach(Subscription::ring);
      known = recent;
      failing = false;
    } catch (RuntimeException failure) {
      if (!failing) {
        LOG.warn("Lists are followed by bells alone until the database answers again", failure);
      }
      failing = true;
    }
  }
}
