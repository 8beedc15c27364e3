package dev.agentserver.kit.audit;

import dev.agentserver.kit.audit.AuditEntry.Outcome;
import dev.agentserver.kit.audit.AuditStore.NewEntry;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.grpc.RequestId;
import dev.agentserver.kit.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes and reads the audit trail.
///
/// What was done is written in the transaction that does it; a refusal in one of its own. Values
/// enter as salted hashes, so that an entry proves a value to whoever has it and tells it to
/// nobody.
public final class AuditTrail implements RefusalSink {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final UUID NO_TENANT = new UUID(0, 0);
  private static final int SALT_BYTES = 16;

  private final Database database;
  private final Ids ids;
  private final RefusalCounts anonymous;
  private final SecureRandom random = new SecureRandom();
  private final AuditStore store = new AuditStore();

  /// @param clock only says which minute an anonymous refusal counts in
  public AuditTrail(Database database, Ids ids, Clock clock) {
    this.database = database;
    this.ids = ids;
    this.anonymous = new RefusalCounts(clock);
  }

  /// Adds an entry for what this transaction does.
  public void record(DSLContext db, Caller caller, AuditRecord entry) {
    store.insert(db, entry(caller, entry, Outcome.DONE, ""));
  }

  /// The entries of a tenant, newest first.
  ///
  /// @param after where the page before ended; null for the first
  public List<AuditEntry> newest(
      UUID tenantId, AuditFilter filter, @Nullable AuditPlace after, int limit) {
    return database.read(db -> store.newest(db, tenantId, filter, after, limit));
  }

  /// How far the trail was checked, and the first entry that is not as it was written.
  public record Checked(long through, @Nullable AuditFault fault) {}

  /// Checks up to `batch` positions after one, of all tenants, because the positions are those of
  /// the service. It cannot tell an entry that was written by the rules but for no deed, nor that
  /// the newest entries are gone together with the memory of their positions.
  public Checked verify(long after, int batch) {
    return database.read(db -> store.faults(db, after, batch));
  }

  /// The counted refusals, newest minute first.
  ///
  /// @param after where the page before ended; null for the first
  public List<Refusals> refusals(@Nullable RefusalPlace after, int limit) {
    return database.read(db -> store.counted(db, after, limit));
  }

  /// A refusal stays a refusal when it cannot be written; the log then has it.
  @Override
  public void refused(@Nullable Caller caller, String method, String reason, String address) {
    if (caller == null) {
      anonymous.add(reason, address);
      return;
    }
    try {
      var entry = entry(caller, new AuditRecord(method, "", "", Map.of()), Outcome.REFUSED, reason);
      database.write(
          db -> {
            store.insert(db, entry);
            return true;
          });
    } catch (RuntimeException failure) {
      LOG.error(
          "not in the audit trail: {} refused to {} as {}",
          method,
          caller.principalId(),
          reason,
          failure);
    }
  }

  /// Writes the anonymous refusals counted since the last time.
  public void flush() {
    var counts = anonymous.take();
    if (counts.isEmpty()) {
      return;
    }
    try {
      database.write(
          db -> {
            store.count(db, counts);
            return true;
          });
    } catch (RuntimeException failure) {
      anonymous.restore(counts);
      throw failure;
    }
  }

  /// Forgets counts that are older than `keep`. Entries are kept.
  public void sweep(Duration keep) {
    database.write(
        db -> {
          store.forgetCounts(db, keep);
          return true;
        });
  }

  private NewEntry entry(Caller caller, AuditRecord what, Outcome outcome, String reason) {
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new NewEntry(
        Objects.requireNonNullElse(caller.tenantId(), NO_TENANT),
        ids.next(),
        caller.principalId(),
        caller.credentialId(),
        what,
        outcome,
        reason,
        salt,
        hashes(salt, what.changes()),
        RequestId.current());
  }

  private static Map<String, String> hashes(byte[] salt, Map<String, String> changes) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hashes = new HashMap<String, String>();
      for (var change : changes.entrySet()) {
        digest.update(salt);
        var hash = digest.digest(change.getValue().getBytes(StandardCharsets.UTF_8));
        hashes.put(change.getKey(), HexFormat.of().formatHex(hash));
      }
      return hashes;
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
