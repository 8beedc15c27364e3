package dev.agentserver.kit.idempotency;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.IdempotencyStore.Kept;
import dev.agentserver.kit.idempotency.IdempotencyStore.Key;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;

/// Runs a write once for each request id: a retry gets the reply of the first.
///
/// The key row is claimed before the effect, in the effect's transaction. So a retry that comes
/// while the first still runs waits for it, and a first that fails leaves nothing behind: only
/// replies that were OK are kept.
public final class Writes {
  /// Service principals have no tenant; their keys stand under this one.
  private static final UUID NO_TENANT = new UUID(0, 0);

  private static final int SWEEP = 1_000;

  private final Database database;
  private final Duration keep;
  private final IdempotencyStore store = new IdempotencyStore();

  /// @param keep how long a reply can be had again
  public Writes(Database database, Duration keep) {
    this.database = database;
    this.keep = keep;
  }

  /// Runs `effect` in a transaction, or answers as it did before. Without a request id it just
  /// runs.
  ///
  /// A request id that came with another request is refused as REQUEST_ID_REUSED.
  public <T> T once(Caller caller, Attempt<T> attempt, Function<DSLContext, T> effect) {
    if (attempt.requestId().isEmpty()) {
      return database.write(effect);
    }
    var tenant = Objects.requireNonNullElse(caller.tenantId(), NO_TENANT);
    var key = new Key(tenant, caller.principalId(), attempt.method(), attempt.requestId());
    return database.write(
        db -> {
          // Where the claim fails and the row is gone, a sweep took it in between: it is free now.
          while (!store.claim(db, key, attempt.requestHash())) {
            var kept = store.find(db, key);
            if (kept.isPresent()) {
              return replay(attempt, kept.get());
            }
          }
          var reply = effect.apply(db);
          store.keep(db, key, attempt.encode().apply(reply));
          return reply;
        });
  }

  private static <T> T replay(Attempt<T> attempt, Kept kept) {
    if (!Arrays.equals(kept.requestHash(), attempt.requestHash())) {
      throw new Problem.Refused(
              "REQUEST_ID_REUSED",
              "the request id was used before with another request",
              Map.of("field", "request_id"))
          .raise();
    }
    return attempt.decode().apply(kept.reply());
  }

  /// Removes what is older than `keep`.
  public void sweep() {
    int removed;
    do {
      removed = database.write(db -> store.removeOlderThan(db, keep, SWEEP));
    } while (removed == SWEEP);
  }
}
