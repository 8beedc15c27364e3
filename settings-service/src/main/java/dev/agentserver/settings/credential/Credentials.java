package dev.agentserver.settings.credential;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.credential.Credential.State;
import dev.agentserver.settings.secret.DataKey;
import dev.agentserver.settings.secret.Envelope;
import dev.agentserver.settings.secret.Undecryptable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the secrets of providers and integrations. Masked they are for who administers them; in
/// clear only for other parts of this process, which decide whom to give them to.
///
/// Master keys are asked before a transaction begins, never inside.
public final class Credentials {
  /// The most that one provider or integration may have.
  static final int MOST = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
  private static final String RESOURCE = "credential";
  private static final int LAST = 4;
  private static final int LONG_ENOUGH = 12;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Envelope envelope;
  private final Supplier<UUID> ids;
  private final Clock clock;
  private final CredentialStore store = new CredentialStore();

  public Credentials(
      Database database,
      Writes writes,
      AuditTrail audit,
      Envelope envelope,
      Supplier<UUID> ids,
      Clock clock) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.envelope = envelope;
    this.ids = ids;
    this.clock = clock;
  }

  /// The credential with its value. Fails with NOT_FOUND, CREDENTIAL_EXPIRED or UNDECRYPTABLE, and
  /// with UNAVAILABLE while its master key does not answer.
  public Opened open(UUID tenantId, UUID id) {
    var found = database.read(db -> store.find(db, tenantId, id)).orElseThrow(() -> missing(id));
    if (isExpired(found)) {
      throw refused("CREDENTIAL_EXPIRED", "the credential has expired", id);
    }
    try {
      var value = envelope.open(found.sealed(), found.place());
      return new Opened(found.masked(State.ACTIVE), value);
    } catch (Undecryptable lost) {
      LOG.warn("credential {} of tenant {} cannot be decrypted", id, tenantId, lost);
      throw refused("UNDECRYPTABLE", "the credential cannot be decrypted", id);
    }
  }

  /// Those of a provider of the tenant, masked.
  public List<Credential> ofProvider(UUID tenantId, UUID providerId) {
    return of(tenantId, new Owner.Provider(providerId));
  }

  /// Those of an integration of the tenant, masked.
  public List<Credential> ofIntegration(UUID tenantId, UUID integrationId) {
    return of(tenantId, new Owner.Integration(integrationId));
  }

  private List<Credential> of(UUID tenantId, Owner owner) {
    return allMasked(database.read(db -> store.list(db, tenantId, owner, null, MOST)));
  }

  Credential create(
      Caller caller,
      Attempt<Credential> attempt,
      Owner owner,
      String field,
      String value,
      @Nullable Instant expiresAt) {
    requireFuture(expiresAt);
    var key = envelope.dataKey();
    return writes.once(
        caller,
        attempt,
        db -> {
          var tenant = caller.tenantId();
          if (store.count(db, tenant, owner) >= MOST) {
            throw new Problem.Refused(
                    "TOO_MANY",
                    "one owner may have " + MOST + " credentials",
                    Map.of("resource", RESOURCE, "limit", Integer.toString(MOST)))
                .raise();
          }
          var id = ids.get();
          var sealed = key.seal(value, StoredCredential.place(tenant, id, field, 1));
          naming(
              owner,
              field,
              () -> store.insert(db, tenant, id, owner, field, sealed, lastFour(value), expiresAt));
          record(db, caller, attempt.method(), id, Map.of("field", field));
          return masked(store.find(db, tenant, id).orElseThrow());
        });
  }

  Credential get(Caller caller, UUID id) {
    return masked(
        database.read(db -> store.find(db, caller.tenantId(), id)).orElseThrow(() -> missing(id)));
  }

  /// Those that are there, each once, in this order.
  List<Credential> get(Caller caller, List<UUID> asked) {
    var found =
        database.read(db -> store.find(db, caller.tenantId(), asked)).stream()
            .collect(Collectors.toMap(StoredCredential::id, Function.identity()));
    return allMasked(
        new LinkedHashSet<>(asked).stream().map(found::get).filter(Objects::nonNull).toList());
  }

  /// The newest first.
  ///
  /// @param owner null: everybody's
  List<Credential> list(Caller caller, @Nullable Owner owner, @Nullable UUID after, int limit) {
    return allMasked(database.read(db -> store.list(db, caller.tenantId(), owner, after, limit)));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Credential update(
      Caller caller, Attempt<Credential> attempt, UUID id, String etag, CredentialEdit edit) {
    if (edit.newExpiry()) {
      requireFuture(edit.expiresAt());
    }
    var key = edit.value() == null ? null : envelope.dataKey();
    return writes.once(
        caller,
        attempt,
        db -> {
          var was = lock(db, caller, id, etag);
          var changes = new HashMap<String, String>();
          if (key != null) {
            replace(db, was, key, Objects.requireNonNull(edit.value()));
            changes.put("value_version", Integer.toString(was.valueVersion() + 1));
          }
          if (edit.newExpiry()) {
            store.setExpiry(db, was, edit.expiresAt());
            changes.put("expires_at", String.valueOf(edit.expiresAt()));
          }
          record(db, caller, attempt.method(), id, changes);
          return masked(store.find(db, caller.tenantId(), id).orElseThrow());
        });
  }

  private void replace(DSLContext db, StoredCredential was, DataKey key, String value) {
    var place =
        StoredCredential.place(was.tenantId(), was.id(), was.field(), was.valueVersion() + 1);
    naming(
        was.owner(),
        was.field(),
        () -> store.setValue(db, was, key.seal(value, place), lastFour(value)));
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          store.delete(db, lock(db, caller, id, etag));
          record(db, caller, attempt.method(), id, Map.of());
          return true;
        });
  }

  private StoredCredential lock(DSLContext db, Caller caller, UUID id, String etag) {
    var found = store.lock(db, caller.tenantId(), id).orElseThrow(() -> missing(id));
    if (!etag.isEmpty() && !etag.equals(found.etag())) {
      throw new Problem.Stale(RESOURCE, id.toString(), found.etag()).raise();
    }
    return found;
  }

  private Credential masked(StoredCredential found) {
    if (!envelope.opens(found.sealed(), found.place())) {
      return found.masked(State.UNDECRYPTABLE);
    }
    return found.masked(isExpired(found) ? State.EXPIRED : State.ACTIVE);
  }

  private List<Credential> allMasked(List<StoredCredential> found) {
    return found.stream().map(this::masked).toList();
  }

  private boolean isExpired(StoredCredential found) {
    return found.expiresAt() != null && !found.expiresAt().isAfter(clock.instant());
  }

  private void requireFuture(@Nullable Instant expiresAt) {
    if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
      throw Problem.invalid("credential.expires_at", "must be in the future");
    }
  }

  /// Of a short value four characters would be too much of it.
  private static String lastFour(String value) {
    var length = value.codePointCount(0, value.length());
    return length < LONG_ENOUGH
        ? ""
        : value.substring(value.offsetByCodePoints(value.length(), -LAST));
  }

  /// Says which rule a row breaks.
  private static void naming(Owner owner, String field, Runnable write) {
    try {
      write.run();
    } catch (DataAccessException refused) {
      throw switch (Constraints.violated(refused).orElse("")) {
        case "credential_provider_fk" -> notFound("provider", owner);
        case "credential_integration_fk" -> notFound("integration", owner);
        case "credential_provider_field_unique", "credential_integration_field_unique" ->
            new Problem.AlreadyExists(RESOURCE, field).raise();
        // The key was destroyed elsewhere since; the next attempt takes the newest.
        case "credential_master_key_fk" -> new Problem.Unavailable("master key", RETRY).raise();
        case String _ -> refused;
      };
    }
  }

  private static RuntimeException notFound(String resource, Owner owner) {
    return new Problem.NotFound(resource, owner.id().toString()).raise();
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound(RESOURCE, id.toString()).raise();
  }

  private static RuntimeException refused(String reason, String message, UUID id) {
    return new Problem.Refused(reason, message, Map.of("id", id.toString())).raise();
  }

  private void record(
      DSLContext db, Caller caller, String method, UUID id, Map<String, String> changes) {
    audit.record(db, caller, new AuditRecord(method, RESOURCE, id.toString(), changes));
  }
}
