package dev.agentserver.agentrun.session;

import dev.agentserver.agentrun.link.ConversationLinks;
import dev.agentserver.agentrun.session.drive.Moves;
import dev.agentserver.agentrun.session.drive.SessionRuns;
import dev.agentserver.kit.service.KitRuntime;
import java.time.Duration;
import java.util.function.Supplier;

/// What runs need of sessions, made before them: they are needed to end sessions.
///
/// @param runs what runs do to the session they are part of
/// @param lifetime after which a session fails if nothing happens
public record SessionCore(
    Sessions sessions,
    Moves moves,
    SessionRuns runs,
    SessionNews news,
    Supplier<Duration> lifetime) {
  public static SessionCore open(
      KitRuntime kit,
      ConversationLinks conversations,
      SessionNews news,
      Supplier<Duration> lifetime) {
    var sessions = new Sessions(kit.database(), kit.writes(), kit.ids(), conversations, lifetime);
    var moves = new Moves(news, lifetime);
    var runs = new SessionRuns(sessions, moves, lifetime);
    return new SessionCore(sessions, moves, runs, news, lifetime);
  }
}
