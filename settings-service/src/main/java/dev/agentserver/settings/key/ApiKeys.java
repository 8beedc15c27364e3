package dev.agentserver.settings.key;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocation;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.grant.Grants;
import dev.agentserver.settings.revocation.Revocations;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Makes and revokes keys. A key is its maker's to have: whoever gets its text must be allowed all
/// that the key allows, so nobody gains by making one for somebody else.
public final class ApiKeys {
  private static final String READ = "access:read";
  private static final String WRITE = "access:write";
  private static final String RESOURCE = "api_key";
  private static final int LAST = 4;

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Revocations revocations;
  private final KeyHashes hashes;
  private final Supplier<ApiKey> generator;
  private final Clock clock;
  private final Grants grants;
  private final ApiKeyStore store = new ApiKeyStore();

  /// @param generator makes a key that nobody has
  public ApiKeys(
      Database database,
      Writes writes,
      AuditTrail audit,
      Revocations revocations,
      KeyHashes hashes,
      Supplier<ApiKey> generator,
      Clock clock,
      Grants grants) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.revocations = revocations;
    this.hashes = hashes;
    this.generator = generator;
    this.clock = clock;
    this.grants = grants;
  }

  Shown create(Caller caller, Attempt<Shown> attempt, NewKey draft) {
    if (draft.expiresAt() != null && !draft.expiresAt().isAfter(clock.instant())) {
      throw Problem.invalid("expires_at", "must be in the future");
    }
    var userId = draft.userId() == null ? caller.principalId() : draft.userId();
    requireOwnOr(caller, userId, WRITE);
    return writes.once(
        caller,
        attempt,
        db -> {
          requireAllowed(db, caller, userId, draft.scopes());
          var made = generator.get();
          var text = made.format();
          var key =
              store.insert(
                  db, caller.tenantId(), userId, draft, made.id(), hashes.of(made), lastFour(text));
          record(db, caller, attempt.method(), key, Map.of("user_id", userId.toString()));
          return new Shown(key, text);
        });
  }

  /// Makes the first key of a user whom the transaction makes; returns its text.
  public String first(DSLContext db, UUID tenantId, UUID userId) {
    var made = generator.get();
    var text = made.format();
    var draft = new NewKey("first key", userId, List.of(), null);
    store.insert(db, tenantId, userId, draft, made.id(), hashes.of(made), lastFour(text));
    return text;
  }

  /// @param userId whose; null: everybody's
  Page list(Caller caller, @Nullable UUID userId, @Nullable KeyPosition after, int size) {
    if (!caller.principalId().equals(userId) && !caller.may(READ)) {
      throw new Problem.Denied(READ).raise();
    }
    var found = database.read(db -> store.list(db, caller.tenantId(), userId, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1);
    return new Page(found.subList(0, size), new KeyPosition(last.createdAt(), last.id()));
  }

  /// @param next null on the last page
  record Page(List<StoredKey> keys, @Nullable KeyPosition next) {}

  Shown rotate(Caller caller, Attempt<Shown> attempt, String keyId, Duration overlap) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var key = lock(db, caller, keyId);
          if (key.revokedAt() != null) {
            throw Problem.invalid("key_id", "the key is revoked");
          }
          requireAllowed(db, caller, key.userId(), key.scopes());
          var drawn = generator.get();
          var made = new ApiKey(drawn.environment(), keyId, drawn.secret());
          var text = made.format();
          var rotated =
              store.replace(db, caller.tenantId(), keyId, hashes.of(made), lastFour(text), overlap);
          record(db, caller, attempt.method(), rotated, Map.of());
          return new Shown(rotated, text);
        });
  }

  /// A second call changes nothing.
  StoredKey revoke(Caller caller, String method, String keyId) {
    return database.write(
        db -> {
          var key = lock(db, caller, keyId);
          if (key.revokedAt() != null) {
            return key;
          }
          var revoked = store.revoke(db, caller.tenantId(), keyId);
          record(db, caller, method, revoked, Map.of());
          revocations.add(db, Revocation.Kind.CREDENTIAL, keyId);
          return revoked;
        });
  }

  /// What others' keys are called is nothing to who may not read them.
  private StoredKey lock(DSLContext db, Caller caller, String keyId) {
    var key =
        store
            .lock(db, caller.tenantId(), keyId)
            .filter(found -> found.userId().equals(caller.principalId()) || caller.may(READ))
            .orElseThrow(() -> new Problem.NotFound(RESOURCE, keyId).raise());
    requireOwnOr(caller, key.userId(), WRITE);
    return key;
  }

  private static void requireOwnOr(Caller caller, UUID userId, String permission) {
    if (!caller.principalId().equals(userId) && !caller.may(permission)) {
      throw new Problem.Denied(permission).raise();
    }
  }

  private void requireAllowed(DSLContext db, Caller caller, UUID userId, List<String> scopes) {
    var granted =
        grants
            .find(db, caller.tenantId(), userId)
            .orElseThrow(() -> new Problem.NotFound("user", userId.toString()).raise())
            .permissions();
    for (var scope : scopes) {
      if (!granted.contains(scope)) {
        throw new Problem.Denied(scope).raise();
      }
    }
    for (var permission : scopes.isEmpty() ? granted : scopes) {
      if (!caller.may(permission)) {
        throw new Problem.Denied(permission).raise();
      }
    }
  }

  private static String lastFour(String text) {
    return text.substring(text.length() - LAST);
  }

  private void record(
      DSLContext db, Caller caller, String action, StoredKey key, Map<String, String> changes) {
    audit.record(db, caller, new AuditRecord(action, RESOURCE, key.id(), changes));
  }
}
