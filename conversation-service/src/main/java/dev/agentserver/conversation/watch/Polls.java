package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.watch.Snapshots.Cursor;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.Poll;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Answers those who ask for events instead of following them. They get what a watcher gets.
public final class Polls {
  /// Where a page begins.
  sealed interface Position {
    /// After an event.
    record After(long seq) implements Position {}

    /// In the middle of a snapshot.
    record Within(Cursor cursor) implements Position {}
  }

  /// @param seq what to ask for next, once there is no next page
  /// @param next where the next page begins that is there already; null: there is none
  record Page(List<Frame> frames, long seq, @Nullable Position next) {}

  private final Database database;
  private final EventLog<Event> log;
  private final Conversations conversations;
  private final Snapshots snapshots;
  private final WatchStore store = new WatchStore();

  public Polls(Database database, EventLog<Event> log, Conversations conversations) {
    this.database = database;
    this.log = log;
    this.conversations = conversations;
    this.snapshots = new Snapshots(database);
  }

  /// @param wait how long to wait for the first event where there is none
  Page poll(Caller caller, UUID conversationId, Position position, Duration wait, int size) {
    checkAccess(caller, conversationId);
    var key = new StreamKey(caller.tenantId(), conversationId);
    var page =
        switch (position) {
          case Position.After(var seq) -> after(caller, key, seq, wait, size);
          case Position.Within(var cursor) -> snapshot(caller, key, cursor);
        };
    if (!wait.isZero()) {
      // It may have been taken away meanwhile.
      checkAccess(caller, conversationId);
    }
    return page;
  }

  private Page after(Caller caller, StreamKey key, long seq, Duration wait, int size) {
    return switch (log.poll(key, seq, size, wait)) {
      case Poll.Page<Event>(var events, var head) -> {
        var last = events.isEmpty() ? seq : events.getLast().seq();
        yield new Page(
            events.stream().<Frame>map(Frame.Happened::new).toList(),
            last,
            last < head && !events.isEmpty() ? new Position.After(last) : null);
      }
      case Poll.Behind<Event> _ -> snapshot(caller, key, Cursor.after(seq));
      case Poll.Gone<Event>() -> throw missing(key.id());
    };
  }

  private Page snapshot(Caller caller, StreamKey key, Cursor cursor) {
    var page = snapshots.page(key, cursor);
    var last = page.next() == null;
    var frame =
        new Frame.Snapshot(
            page.seq(),
            page.messages(),
            page.branches(),
            last ? conversations.get(caller, key.id()) : null,
            last);
    return new Page(List.of(frame), page.seq(), last ? null : new Position.Within(page.next()));
  }

  private void checkAccess(Caller caller, UUID conversationId) {
    database
        .read(db -> store.head(db, caller, conversationId))
        .orElseThrow(() -> missing(conversationId));
  }

  private static RuntimeException missing(UUID conversationId) {
    return new Problem.NotFound("conversation", conversationId.toString()).raise();
  }
}
