package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.RunEvent;
import dev.agentserver.agentrun.event.RunEvents;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.Next;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers those who ask for events instead of following them. They get what a watcher gets.
final class Polls {
  /// @param seq everything up to here has been delivered
  /// @param more whether there is more already
  record Page(List<Frame> frames, long seq, boolean more) {}

  private final Database database;
  private final Readers readers;
  private final EventLog<RunEvent> log;
  private final Snapshots snapshots;
  private final RunEvents table = new RunEvents();

  Polls(Database database, Readers readers, EventLog<RunEvent> log, Snapshots snapshots) {
    this.database = database;
    this.readers = readers;
    this.log = log;
    this.snapshots = snapshots;
  }

  /// @param wait how long to wait for the first event where there is none
  Page poll(Caller caller, Target target, long after, Duration wait, int size) {
    var read = readers.require(caller, target);
    var known = readers.stream(caller, read);
    if (known.isEmpty()) {
      return new Page(List.of(), after, false);
    }
    var stream = known.get();
    var found = look(stream, read, after, size);
    if (!found.frames().isEmpty() || wait.isZero()) {
      return found;
    }
    var page = await(stream, read, found.seq(), wait, size);
    // It may have been taken away meanwhile.
    readers.require(caller, target);
    return page;
  }

  /// What is there. The head is asked for first: what comes up to it is then among the rows.
  private Page look(StreamKey stream, Readable read, long after, int size) {
    record Found(Head head, List<RunEvent> events) {}
    var found =
        database.read(
            db -> {
              var head = table.heads(db, List.of(stream)).get(stream);
              return head == null
                  ? null
                  : new Found(head, table.read(db, stream, read.filter(), after, size));
            });
    if (found == null) {
      return new Page(List.of(), after, false);
    }
    if (after > found.head().seq()) {
      throw Problem.invalid("after_seq", "is beyond the last event, " + found.head().seq());
    }
    return after < found.head().compactedThrough()
        ? snapshot(stream, read)
        : page(found.head(), found.events(), after, size);
  }

  /// A page that is not full holds everything up to the head, unless it ended by its bytes.
  private static Page page(Head head, List<RunEvent> events, long after, int size) {
    if (events.isEmpty()) {
      return new Page(List.of(), Math.max(after, head.seq()), false);
    }
    var last = events.getLast().seq();
    var bytes = events.stream().mapToLong(RunEvent::bytes).sum();
    var cut = events.size() == size || bytes >= RunEvents.PAGE_BYTES;
    return new Page(
        frames(events), cut ? last : Math.max(last, head.seq()), cut && last < head.seq());
  }

  private static List<Frame> frames(List<RunEvent> events) {
    return events.stream().<Frame>map(Frame.Happened::new).toList();
  }

  private Page await(StreamKey stream, Readable read, long after, Duration wait, int size) {
    try (var watch = log.watch(stream, after)) {
      while (true) {
        var page = page(stream, read, watch.next(wait), after, size);
        if (page != null) {
          return page;
        }
      }
    }
  }

  /// @return null when it is to be waited on
  private @Nullable Page page(
      StreamKey stream, Readable read, Next<RunEvent> next, long after, int size) {
    return switch (next) {
      case Next.Events<RunEvent>(var events) -> {
        var matching = events.stream().filter(read.filter()::matches).limit(size).toList();
        yield matching.isEmpty()
            ? null
            : new Page(frames(matching), matching.getLast().seq(), false);
      }
      case Next.Idle<RunEvent>(var seq) -> new Page(List.of(), seq, false);
      case Next.Behind<RunEvent> _ -> snapshot(stream, read);
      case Next.Gone<RunEvent>() -> new Page(List.of(), after, false);
    };
  }

  private Page snapshot(StreamKey stream, Readable read) {
    var snapshot = snapshots.take(stream, read);
    return new Page(List.of(snapshot), snapshot.seq(), false);
  }
}
