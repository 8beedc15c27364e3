package dev.agentserver.conversation.sidebar;

import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.service.Periodic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows users' lists of conversations. The feed is one of states: it says how an entry is now,
/// not what happened to it, so nothing is kept for those who follow it, however slowly they read.
///
/// A change carries the database's time of the statement, and becomes visible a little later, when
/// its transaction commits. So a list is read from some time before the newest change that was
/// seen, and what was sent from there is remembered.
public final class Sidebar implements AutoCloseable {
  /// How late a change may become visible after the time that it carries.
  static final Duration OVERLAP = Duration.ofSeconds(10);

  private final Database database;
  private final Bells bells;
  private final Revocations revocations;
  private final Clock clock;
  private final SidebarLimits limits;
  private final SidebarStore store = new SidebarStore();
  private final Lookout lookout;
  private final Periodic looks;

  public Sidebar(
      Database database, Bells bells, Revocations revocations, Clock clock, SidebarLimits limits) {
    this.database = database;
    this.bells = bells;
    this.revocations = revocations;
    this.clock = clock;
    this.limits = limits;
    this.lookout = new Lookout(database, OVERLAP);
    this.looks = Periodic.start("sidebar", limits.look(), lookout::look);
  }

  /// The number that a bell is rung with for a change.
  public static long number(OffsetDateTime changedAt) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, changedAt.toInstant());
  }

  /// Sends what changes in the caller's list until the caller's token has expired or was
  /// revoked. Only a reader who goes away ends it otherwise.
  ///
  /// @param resumeToken of the last change the reader has; empty: from now on
  public void follow(Caller caller, String resumeToken, Consumer<Change> reader) {
    var seen = resumeToken.isEmpty() ? Instant.MAX : ResumeToken.read(resumeToken);
    var user = new StreamKey(caller.tenantId(), caller.principalId());
    try (var bell = bells.subscribe(user)) {
      lookout.enter(user, bell);
      try {
        var now = database.read(store::now);
        var lost = seen.isBefore(now.minus(Entries.FOLLOWED));
        // A time to come is that of a database whose clock was ahead.
        var since = lost || seen.isAfter(now) ? now : seen;
        // Tells at once that the stream is open, and where it begins.
        reader.accept(lost ? new Change.Reset(since) : new Change.Heartbeat(since));
        new Follower(database, user, limits, since, reader)
            .follow(bell, place -> end(caller, place));
      } finally {
        lookout.leave(user, bell);
      }
    }
  }

  private @Nullable Change end(Caller caller, Instant place) {
    if (revocations.refuse(caller)) {
      return new Change.Revoked(place);
    }
    var expiresAt = caller.expiresAt();
    return expiresAt != null && clock.instant().isAfter(expiresAt.plus(limits.tokenGrace()))
        ? new Change.Expired(place)
        : null;
  }

  @Override
  public void close() {
    looks.close();
  }
}
