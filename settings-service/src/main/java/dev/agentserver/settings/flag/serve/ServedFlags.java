package dev.agentserver.settings.flag.serve;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.flag.eval.FlagSet;
import dev.agentserver.settings.flag.eval.Snapshots;
import dev.agentserver.settings.flag.rule.Resolution;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The flags of a caller, as every protocol serves them.
public final class ServedFlags {
  private final Snapshots snapshots;
  private final Revocations revocations;
  private final String environment;
  private final Duration keepAlive;
  private final Duration grace;
  private final Clock clock;

  /// @param environment that of the process, for clients that name none
  /// @param keepAlive how often a stream says that it is alive, and asks whether its caller may
  /// still listen
  /// @param grace how long a stream may outlive its caller's token
  public ServedFlags(
      Snapshots snapshots,
      Revocations revocations,
      String environment,
      Duration keepAlive,
      Duration grace,
      Clock clock) {
    this.snapshots = snapshots;
    this.revocations = revocations;
    this.environment = environment;
    this.keepAlive = keepAlive;
    this.grace = grace;
    this.clock = clock;
  }

  /// One flag; one that is not there is a fault.
  public Resolution evaluate(
      Caller caller, String selector, String key, Map<String, @Nullable Object> context) {
    return of(caller, selector).evaluate(key, context, clock.instant());
  }

  /// All of them, in the order of their keys.
  public Map<String, Resolution> evaluate(
      Caller caller, String selector, Map<String, @Nullable Object> context) {
    return of(caller, selector).evaluate(context, clock.instant());
  }

  /// The flags as they are now.
  public FlagSet of(Caller caller, String selector) {
    return snapshots.of(caller.tenantId(), Selector.environment(selector, environment));
  }

  /// Tells of changes until the caller may not hear of them any more; then it fails. Where nothing
  /// happens it tells, now and then, of none.
  ///
  /// @param seen what the caller has
  public void follow(Caller caller, String selector, FlagSet seen, Consumer<Set<String>> changes) {
    var of = Selector.environment(selector, environment);
    while (true) {
      var now = snapshots.after(caller.tenantId(), of, seen, keepAlive);
      requireWelcome(caller);
      var changed = now == seen ? Set.<String>of() : now.changes(seen);
      if (now == seen || !changed.isEmpty()) {
        changes.accept(changed);
      }
      seen = now;
    }
  }

  private void requireWelcome(Caller caller) {
    if (revocations.refuse(caller)) {
      throw new Problem.Unauthenticated("UNAUTHENTICATED", "the credential was revoked").raise();
    }
    var expiresAt = caller.expiresAt();
    if (expiresAt != null && clock.instant().isAfter(latest(expiresAt))) {
      throw new Problem.Unauthenticated("TOKEN_EXPIRED", "the token has expired").raise();
    }
  }

  private Instant latest(Instant expiresAt) {
    return expiresAt.plus(grace);
  }
}
