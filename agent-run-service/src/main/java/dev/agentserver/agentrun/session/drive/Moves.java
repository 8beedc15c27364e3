package dev.agentserver.agentrun.session.drive;

import dev.agentserver.agentrun.session.Session;
import dev.agentserver.agentrun.session.Session.Failure;
import dev.agentserver.agentrun.session.SessionNews;
import dev.agentserver.agentrun.session.SessionNews.Category;
import dev.agentserver.agentrun.session.SessionState;
import dev.agentserver.agentrun.session.SessionStore;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Takes sessions whose rows are locked from state to state, by the rules of [Transition].
public final class Moves {
  private final SessionNews news;
  private final Supplier<Duration> lifetime;
  private final SessionStore store = new SessionStore();

  /// @param lifetime after which a session fails if nothing happens
  public Moves(SessionNews news, Supplier<Duration> lifetime) {
    this.news = news;
    this.lifetime = lifetime;
  }

  /// Where a transition leads. Fails with INVALID_STATE_TRANSITION.
  static SessionState target(Session session, Transition transition) {
    var phased = transition == Transition.COMPLETE && session.phase() != null;
    return transition
        .from(session.state(), session.openInterrupts() > 0)
        .filter(_ -> !phased)
        .orElseThrow(() -> refusal(session, transition.name()));
  }

  /// @param failure with what fails it, and only then
  Session move(
      DSLContext db,
      UUID tenantId,
      Session session,
      Transition transition,
      @Nullable Failure failure) {
    var to = target(session, transition);
    store.move(db, tenantId, session.id(), to, session.phase(), failure, lifetime.get());
    var moved = store.get(db, tenantId, session.id());
    var kind = "session." + transition.name().toLowerCase(Locale.ROOT);
    news.happened(db, tenantId, moved, Category.LIFECYCLE, kind, to.name());
    return moved;
  }

  static RuntimeException refusal(Session session, String transition) {
    return new Problem.Refused(
            "INVALID_STATE_TRANSITION",
            "a session that is " + session.state() + " takes no " + transition,
            Map.of(
                "id",
                session.id().toString(),
                "state",
                session.state().name(),
                "transition",
                transition))
        .raise();
  }
}
