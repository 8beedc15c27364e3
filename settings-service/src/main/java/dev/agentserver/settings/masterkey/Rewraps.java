package dev.agentserver.settings.masterkey;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.masterkey.WrappedKeyStore.Row;
import dev.agentserver.settings.masterkey.WrappedKeyStore.Under;
import dev.agentserver.settings.secret.Keyring;
import dev.agentserver.settings.secret.Undecryptable;
import dev.agentserver.settings.secret.WrappedKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings every data key under the newest master key, a batch at a time.
///
/// What is to be done is told by the rows themselves: those under another key or an older version.
/// So whoever takes over after a crash, or works at the same time, does what is left and nothing
/// twice. Master keys are asked outside of transactions; a row that changed meanwhile is left as it
/// is, because what is written now is under the newest key.
public final class Rewraps {
  private static final Logger LOG = LoggerFactory.getLogger(Rewraps.class);
  private static final int BATCH = 100;

  private final Database database;
  private final AuditTrail audit;
  private final Keyring keyring;
  private final MasterKeys keys;
  private final Supplier<UUID> ids;
  private final Runnable older;
  private final RewrapStore store = new RewrapStore();
  private volatile boolean stopped;

  /// @param older brings under data keys what has none yet
  public Rewraps(
      Database database,
      AuditTrail audit,
      Keyring keyring,
      MasterKeys keys,
      Supplier<UUID> ids,
      Runnable older) {
    this.database = database;
    this.audit = audit;
    this.keyring = keyring;
    this.keys = keys;
    this.ids = ids;
    this.older = older;
  }

  /// Begins one, or returns the one that runs.
  Rewrap begin(Caller caller, String method) {
    var begun =
        database.write(
            db -> {
              store.begin(db, ids.get(), keyring.primary().id());
              var running = store.running(db).orElseThrow();
              var entry = new AuditRecord(method, "rewrap", running.id().toString(), Map.of());
              audit.record(db, caller, entry);
              return running;
            });
    return counted(begun);
  }

  Rewrap get(UUID id) {
    return counted(
        database
            .read(db -> store.find(db, id))
            .orElseThrow(() -> new Problem.NotFound("rewrap", id.toString()).raise()));
  }

  private Rewrap counted(Rewrap found) {
    var target = keys.newest();
    return new Rewrap(
        found.id(),
        found.keyId(),
        found.running(),
        found.rewrapped(),
        found.failed(),
        database.read(db -> remaining(db, target)),
        found.createdAt(),
        found.updatedAt());
  }

  private static long remaining(DSLContext db, Under target) {
    return WrappedKeyStore.ALL.stream().mapToLong(table -> table.countOthers(db, target)).sum();
  }

  /// Does all there is to do, if one was begun for the key that is primary here.
  public void work() {
    var running =
        database.read(store::running).filter(each -> each.keyId().equals(keyring.primary().id()));
    if (running.isPresent() && pass(running.get().id())) {
      database.write(
          db -> {
            store.end(db, running.get().id());
            return true;
          });
      LOG.info("every data key that could be is under {}", keyring.primary().id());
    }
  }

  /// Ends [#work] after the batch at hand.
  public void stop() {
    stopped = true;
  }

  /// False where it was stopped.
  private boolean pass(UUID id) {
    older.run();
    var target = keys.newest();
    var failed = 0L;
    for (var table : WrappedKeyStore.ALL) {
      Row last = null;
      while (true) {
        var after = last;
        var rows = database.read(db -> table.others(db, target, after, BATCH));
        if (rows.isEmpty()) {
          break;
        }
        if (stopped) {
          return false;
        }
        failed += batch(id, table, rows, failed);
        last = rows.getLast();
      }
    }
    return true;
  }

  /// Returns how many of the rows could not be decrypted.
  private int batch(UUID id, WrappedKeyStore table, List<Row> rows, long failedBefore) {
    var next = new HashMap<Row, WrappedKey>();
    for (var row : rows) {
      try {
        next.put(row, keyring.rewrap(row.key()));
      } catch (Undecryptable lost) {
        LOG.debug("a data key under {} stays as it is", row.key().keyId(), lost);
      }
    }
    var failed = rows.size() - next.size();
    database.write(
        db -> {
          store.progress(db, id, table.replace(db, next), failedBefore + failed);
          return true;
        });
    return failed;
  }
}
