package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.watch.Frame.Reason;
import dev.agentserver.conversation.watch.Snapshots.Cursor;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.DatabaseFaults;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.Next;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Watch;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows conversations for those who may read them.
public final class Watches {
  /// Where one begins who does not name an event.
  enum Start {
    FIRST,
    TAIL,
    SNAPSHOT
  }

  private final Database database;
  private final EventLog<Event> log;
  private final Conversations conversations;
  private final Revocations revocations;
  private final Clock clock;
  private final Duration heartbeat;
  private final Duration tokenGrace;
  private final Snapshots snapshots;
  private final WatchStore store = new WatchStore();

  /// @param revocations asked at each heartbeat whether the caller's token still counts
  /// @param heartbeat how often a stream says that it lives, and access is looked at again
  /// @param tokenGrace how long a stream may outlive the token it was opened with
  public Watches(
      Database database,
      EventLog<Event> log,
      Conversations conversations,
      Revocations revocations,
      Clock clock,
      Duration heartbeat,
      Duration tokenGrace) {
    this.database = database;
    this.log = log;
    this.conversations = conversations;
    this.revocations = revocations;
    this.clock = clock;
    this.heartbeat = heartbeat;
    this.tokenGrace = tokenGrace;
    this.snapshots = new Snapshots(database);
  }

  /// Sends what happens until the stream ends. Only a reader who goes away ends it otherwise.
  ///
  /// @param after the last event the reader has; null: begins as `start` says
  void watch(
      Caller caller,
      UUID conversationId,
      @Nullable Long after,
      Start start,
      Consumer<Frame> reader) {
    var key = new StreamKey(caller.tenantId(), conversationId);
    var head = head(caller, conversationId);
    var begin = after == null ? begin(caller, key, start, head, reader) : after;
    try (var watch = log.watch(key, begin)) {
      if (after != null || start != Start.SNAPSHOT) {
        // Tells at once that the stream is open, and where it begins.
        reader.accept(new Frame.Heartbeat(begin));
      }
      follow(caller, key, watch, begin, reader);
    }
  }

  private long begin(Caller caller, StreamKey key, Start start, long head, Consumer<Frame> reader) {
    return switch (start) {
      case FIRST -> 0;
      case TAIL -> head;
      case SNAPSHOT -> {
        var page = snapshots.newest(key);
        reader.accept(
            new Frame.Snapshot(
                page.seq(),
                page.messages(),
                page.branches(),
                conversations.get(caller, key.id()),
                true));
        yield page.seq();
      }
    };
  }

  private void follow(
      Caller caller, StreamKey key, Watch<Event> watch, long begin, Consumer<Frame> reader) {
    var seen = begin;
    while (true) {
      switch (watch.next(heartbeat)) {
        case Next.Events<Event>(var events) -> {
          for (var event : events) {
            reader.accept(new Frame.Happened(event));
            seen = event.seq();
            if (mayEnd(event.change(), caller) && ended(caller, key, seen, reader)) {
              return;
            }
          }
        }
        case Next.Behind<Event> _ -> {
          if (ended(caller, key, seen, reader)) {
            return;
          }
          seen = snapshot(caller, key, seen, reader);
          watch.continueAfter(seen);
        }
        case Next.Idle<Event> _ -> {
          if (ended(caller, key, seen, reader)) {
            return;
          }
          reader.accept(new Frame.Heartbeat(seen));
        }
        case Next.Gone<Event>() -> {
          reader.accept(new Frame.End(seen, Reason.DELETED));
          return;
        }
      }
    }
  }

  /// Whether the caller may have lost access by this.
  private static boolean mayEnd(Change change, Caller caller) {
    return switch (change) {
      case Change.ConversationDeleted() -> true;
      case Change.MemberChanged(var userId, _) ->
          userId == null || userId.equals(caller.principalId());
      default -> false;
    };
  }

  /// Sends the state in place of the events after `seen`, and returns the event it is of.
  private long snapshot(Caller caller, StreamKey key, long seen, Consumer<Frame> reader) {
    var cursor = Cursor.after(seen);
    while (true) {
      var page = snapshots.page(key, cursor);
      var next = page.next();
      if (next == null) {
        reader.accept(
            new Frame.Snapshot(
                page.seq(),
                page.messages(),
                page.branches(),
                conversations.get(caller, key.id()),
                true));
        return page.seq();
      }
      reader.accept(new Frame.Snapshot(page.seq(), page.messages(), page.branches(), null, false));
      cursor = next;
    }
  }

  /// Ends a stream that must go on no longer. A conversation that was deleted may be back.
  private boolean ended(Caller caller, StreamKey key, long seen, Consumer<Frame> reader) {
    var end = end(caller, key);
    if (end != null) {
      reader.accept(new Frame.End(seen, end));
    }
    return end != null;
  }

  /// Why a stream must end now; null: it need not.
  private @Nullable Reason end(Caller caller, StreamKey key) {
    var expiresAt = caller.expiresAt();
    if (expiresAt != null && clock.instant().isAfter(expiresAt.plus(tokenGrace))) {
      return Reason.TOKEN_EXPIRED;
    }
    if (revocations.refuse(caller)) {
      return Reason.REVOKED;
    }
    try {
      return database.read(
          db -> {
            if (store.head(db, caller, key.id()).isPresent()) {
              return null;
            }
            return store.exists(db, key.tenantId(), key.id()) ? Reason.REVOKED : Reason.DELETED;
          });
    } catch (RuntimeException failure) {
      // While the database is away there is nothing to be seen that must not be: the stream waits
      // for it, and the event log says when it has waited for too long.
      if (DatabaseFaults.problem(failure).isPresent()) {
        return null;
      }
      throw failure;
    }
  }

  private long head(Caller caller, UUID conversationId) {
    return database
        .read(db -> store.head(db, caller, conversationId))
        .orElseThrow(() -> new Problem.NotFound("conversation", conversationId.toString()).raise());
  }
}
