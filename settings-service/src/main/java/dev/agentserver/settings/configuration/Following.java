package dev.agentserver.settings.configuration;

import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.Next;
import dev.agentserver.kit.eventlog.Poll;
import dev.agentserver.kit.eventlog.Watch;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.configuration.Configuration.State;
import dev.agentserver.settings.history.Space;
import dev.agentserver.settings.history.Touched;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells of a tenant's revisions as they are made.
public final class Following {
  /// Why a stream ends.
  enum End {
    TOKEN_EXPIRED,
    REVOKED
  }

  /// A revision, or a sign of life.
  ///
  /// @param settings those that were touched, as they are in the environment at this revision or a
  /// later one
  /// @param removed the keys that are no settings any more
  /// @param createdAt when the revision was made; null: it is a sign of life
  /// @param end why the stream ends; null: it goes on
  record Frame(
      long revision,
      List<Setting> settings,
      List<String> removed,
      @Nullable Instant createdAt,
      @Nullable End end) {}

  private final EventLog<Touched> log;
  private final Snapshots snapshots;
  private final Configuration configuration;
  private final Revocations revocations;
  private final Clock clock;
  private final Duration heartbeat;
  private final Duration tokenGrace;

  /// @param revocations asked at each heartbeat whether the caller's token still counts
  Following(
      EventLog<Touched> log,
      Snapshots snapshots,
      Configuration configuration,
      Revocations revocations,
      Clock clock,
      Duration heartbeat,
      Duration tokenGrace) {
    this.log = log;
    this.snapshots = snapshots;
    this.configuration = configuration;
    this.revocations = revocations;
    this.clock = clock;
    this.heartbeat = heartbeat;
    this.tokenGrace = tokenGrace;
  }

  /// Waits for a revision after the one the caller has, and returns the settings then, or as they
  /// are when the wait ends before. Who has one that never was gets them at once.
  State poll(UUID tenantId, String environment, long after, Duration wait) {
    return configuration.state(later(tenantId, after, wait), tenantId, environment, "");
  }

  Snapshot later(UUID tenantId, long after, Duration wait) {
    var snapshot = snapshots.get(tenantId);
    if (snapshot.revision() != after || wait.isZero()) {
      return snapshot;
    }
    return switch (log.poll(Space.CONFIGURATION.stream(tenantId), after, 1, wait)) {
      case Poll.Page<Touched>(var events, var head) -> snapshots.atLeast(tenantId, head);
      case Poll.Behind<Touched>(var head) -> snapshots.atLeast(tenantId, head.seq());
      case Poll.Gone<Touched> _ -> snapshots.get(tenantId);
    };
  }

  /// Sends every revision after one until the stream ends.
  ///
  /// @param after null: begins with every setting as it is
  void watch(Caller caller, String environment, @Nullable Long after, Consumer<Frame> reader) {
    var tenant = caller.tenantId();
    long begin;
    if (after == null) {
      var state = configuration.get(tenant, environment, "");
      begin = state.revision();
      reader.accept(new Frame(begin, state.settings(), List.of(), clock.instant(), null));
    } else {
      begin = after;
      requireRevision(tenant, after);
      reader.accept(new Frame(begin, List.of(), List.of(), null, null));
    }
    try (var watch = log.watch(Space.CONFIGURATION.stream(tenant), begin)) {
      follow(caller, environment, watch, begin, reader);
    }
  }

  private void requireRevision(UUID tenantId, long after) {
    var last = log.head(Space.CONFIGURATION.stream(tenantId)).orElseThrow().seq();
    if (after > last) {
      throw Problem.invalid("after_revision", "is beyond the last revision, " + last);
    }
  }

  private void follow(
      Caller caller, String environment, Watch<Touched> watch, long begin, Consumer<Frame> reader) {
    var seen = begin;
    while (true) {
      switch (watch.next(heartbeat)) {
        case Next.Events<Touched>(var events) -> {
          for (var event : events) {
            reader.accept(frame(caller.tenantId(), environment, event));
            seen = event.revision();
          }
        }
        // No revision is ever compacted: who is far behind reads on from the database.
        case Next.Behind<Touched> _ -> watch.continueAfter(seen);
        case Next.Idle<Touched> _ -> {
          var end = end(caller);
          reader.accept(new Frame(seen, List.of(), List.of(), null, end));
          if (end != null) {
            return;
          }
        }
        case Next.Gone<Touched> _ -> {
          return;
        }
      }
    }
  }

  private Frame frame(UUID tenantId, String environment, Touched event) {
    var snapshot = snapshots.atLeast(tenantId, event.revision());
    var settings = new ArrayList<Setting>();
    var removed = new ArrayList<String>();
    for (var key : event.keys()) {
      snapshot.setting(key, environment).ifPresentOrElse(settings::add, () -> removed.add(key));
    }
    return new Frame(event.revision(), settings, removed, event.createdAt(), null);
  }

  /// Why a stream must end now; null: it need not.
  private @Nullable End end(Caller caller) {
    var expiresAt = caller.expiresAt();
    if (expiresAt != null && clock.instant().isAfter(expiresAt.plus(tokenGrace))) {
      return End.TOKEN_EXPIRED;
    }
    return revocations.refuse(caller) ? End.REVOKED : null;
  }
}
