package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.RunEvent;
import dev.agentserver.agentrun.event.watch.Frame.Reason;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.Next;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Watch;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows runs and sessions for those who may read them.
final class Watches {
  /// Where one begins who does not name an event.
  enum Start {
    FIRST,
    TAIL,
    SNAPSHOT
  }

  private final Readers readers;
  private final EventLog<RunEvent> log;
  private final Snapshots snapshots;
  private final Revocations revocations;
  private final Clock clock;
  private final Duration heartbeat;
  private final Duration tokenGrace;

  /// @param revocations asked at each heartbeat whether the caller's token still counts
  /// @param heartbeat how often a stream says that it lives, and access is looked at again
  /// @param tokenGrace how long a stream may outlive the token it was opened with
  Watches(
      Readers readers,
      EventLog<RunEvent> log,
      Snapshots snapshots,
      Revocations revocations,
      Clock clock,
      Duration heartbeat,
      Duration tokenGrace) {
    this.readers = readers;
    this.log = log;
    this.snapshots = snapshots;
    this.revocations = revocations;
    this.clock = clock;
    this.heartbeat = heartbeat;
    this.tokenGrace = tokenGrace;
  }

  /// Sends what happens until the stream ends. Only a reader who goes away ends it otherwise.
  ///
  /// @param after the last event the reader has; null: begins as `start` says
  void watch(
      Caller caller, Target target, @Nullable Long after, Start start, Consumer<Frame> reader) {
    var read = readers.require(caller, target);
    var found = readers.stream(caller, read);
    if (found.isEmpty()) {
      reader.accept(new Frame.End(after == null ? 0 : after, Reason.DELETED));
      return;
    }
    var stream = found.get();
    var begin = after == null ? begin(stream, read, start, reader) : after;
    try (var watch = log.watch(stream, begin)) {
      if (after != null || start != Start.SNAPSHOT) {
        // Tells at once that the stream is open, and where it begins.
        reader.accept(new Frame.Heartbeat(begin));
      }
      follow(caller, target, new Place(stream, read), watch, begin, reader);
    }
  }

  private record Place(StreamKey stream, Readable read) {}

  private long begin(StreamKey stream, Readable read, Start start, Consumer<Frame> reader) {
    return switch (start) {
      case FIRST -> 0;
      case TAIL -> log.head(stream).orElseThrow().seq();
      case SNAPSHOT -> {
        var snapshot = snapshots.take(stream, read);
        reader.accept(snapshot);
        yield snapshot.seq();
      }
    };
  }

  private void follow(
      Caller caller,
      Target target,
      Place place,
      Watch<RunEvent> watch,
      long begin,
      Consumer<Frame> reader) {
    var seen = begin;
    var last = false;
    while (true) {
      switch (watch.next(heartbeat)) {
        case Next.Events<RunEvent>(var events) -> {
          send(events, place.read(), reader);
          seen = events.getLast().seq();
        }
        case Next.Behind<RunEvent> _ -> {
          if (ended(caller, target, place.read(), seen, reader)) {
            return;
          }
          var snapshot = snapshots.take(place.stream(), place.read());
          reader.accept(snapshot);
          seen = snapshot.seq();
          watch.continueAfter(seen);
        }
        case Next.Idle<RunEvent> _ -> {
          var end = end(caller, target, place.read());
          if (end == Reason.DELETED && !last) {
            // What was told before it went may still be on its way.
            last = true;
          } else if (end != null) {
            reader.accept(new Frame.End(seen, end));
            return;
          } else {
            reader.accept(new Frame.Heartbeat(seen));
          }
        }
        case Next.Gone<RunEvent>() -> {
          reader.accept(new Frame.End(seen, Reason.DELETED));
          return;
        }
      }
    }
  }

  private static void send(List<RunEvent> events, Readable read, Consumer<Frame> reader) {
    for (var event : events) {
      if (read.filter().matches(event)) {
        reader.accept(new Frame.Happened(event));
      }
    }
  }

  private boolean ended(
      Caller caller, Target target, Readable read, long seen, Consumer<Frame> reader) {
    var end = end(caller, target, read);
    if (end != null) {
      reader.accept(new Frame.End(seen, end));
    }
    return end != null;
  }

  /// Why a stream must end now; null: it need not.
  private @Nullable Reason end(Caller caller, Target target, Readable read) {
    var expiresAt = caller.expiresAt();
    if (expiresAt != null && clock.instant().isAfter(expiresAt.plus(tokenGrace))) {
      return Reason.TOKEN_EXPIRED;
    }
    return revocations.refuse(caller) ? Reason.REVOKED : readers.stop(caller, target, read);
  }
}
