package dev.agentserver.conversation.sidebar;

import dev.agentserver.conversation.sidebar.Sent.State;
import dev.agentserver.conversation.sidebar.SidebarStore.Entry;
import dev.agentserver.conversation.sidebar.SidebarStore.Position;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One stream of a user's list: reads it when a bell rings, and sends what it has not sent yet.
final class Follower {
  static final int PAGE = 50;

  /// Between tries while the database is away.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final String NO_ETAG = "";

  private final Database database;
  private final StreamKey user;
  private final SidebarLimits limits;
  private final Consumer<Change> reader;
  private final SidebarStore store = new SidebarStore();
  private final Sent sent;
  private final Due heartbeat;
  private final Due settled;
  private final Due outage;
  private Instant seen;
  private @Nullable Position next;

  Follower(
      Database database,
      StreamKey user,
      SidebarLimits limits,
      Instant seen,
      Consumer<Change> reader) {
    this.database = database;
    this.user = user;
    this.limits = limits;
    this.reader = reader;
    this.seen = seen;
    this.sent = new Sent(seen.minus(Sidebar.OVERLAP));
    this.heartbeat = new Due(limits.heartbeat());
    this.settled = new Due(limits.settle());
    this.outage = new Due(limits.outage());
  }

  /// Returns when the caller may follow the list no more.
  ///
  /// @param end what to end with, given how far the list was followed; null: it goes on
  void follow(Subscription bell, Function<Instant, @Nullable Change> end) {
    heartbeat.begin();
    var more = true;
    while (true) {
      if (heartbeat.reached()) {
        var last = end.apply(seen);
        if (last != null) {
          reader.accept(last);
          return;
        }
        reader.accept(new Change.Heartbeat(seen));
        heartbeat.begin();
      }
      more = more ? page(bell) : bell.await(patience()) || hasSettled();
    }
  }

  private boolean hasSettled() {
    if (!settled.reached()) {
      return false;
    }
    settled.end();
    return true;
  }

  private Duration patience() {
    var beat = heartbeat.left();
    var settling = settled.left();
    return beat.compareTo(settling) < 0 ? beat : settling;
  }

  /// Reads a page and sends it. The next one, also when that begins anew, finds every entry as it
  /// is then: a reader who is slow gets fewer states, not older ones.
  ///
  /// @return whether there is more to read
  private boolean page(Subscription bell) {
    var after = next == null ? Position.after(sent.from()) : next;
    List<Entry> entries;
    try {
      entries = database.read(db -> store.changed(db, user, after, PAGE));
    } catch (Cancelled gone) {
      throw gone;
    } catch (RuntimeException failure) {
      failed(failure);
      bell.await(PAUSE);
      return true;
    }
    outage.end();
    entries.forEach(this::tell);
    next = entries.size() < PAGE ? null : entries.getLast().position();
    if (next == null) {
      sent.forget(seen.minus(Sidebar.OVERLAP));
    }
    return next != null;
  }

  private void failed(RuntimeException failure) {
    if (outage.reached()) {
      throw failure;
    }
    if (!outage.begun()) {
      outage.begin();
    }
  }

  private void tell(Entry entry) {
    var conversation = entry.conversation();
    if (conversation != null && conversation.temporary()) {
      return;
    }
    var id = entry.position().conversationId();
    var at = entry.position().changedAt();
    var shown = conversation != null && !conversation.deleted();
    var state = new State(at, shown ? conversation.etag() : NO_ETAG);
    var before = sent.note(id, state);
    if (state.equals(before)) {
      return;
    }
    seen = at.isAfter(seen) ? at : seen;
    reader.accept(shown ? new Change.Shown(seen, conversation) : new Change.Gone(seen, id));
    if (shown && (before == null || !before.changedAt().equals(at))) {
      settled.begin();
    }
  }
}
