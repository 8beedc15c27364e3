package dev.agentserver.settings.masterkey;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.settings.masterkey.WrappedKeyStore.Under;
import dev.agentserver.settings.secret.KeyWrapper;
import dev.agentserver.settings.secret.Keyring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done with master keys while the service runs. Rows refer to the versions they need, so
/// that the database itself refuses to let one go that is needed.
public final class MasterKeys {
  static final String RESOURCE = "master_key";

  private static final Logger LOG = LoggerFactory.getLogger(MasterKeys.class);

  private final Database database;
  private final AuditTrail audit;
  private final Keyring keyring;
  private final MasterKeyStore store = new MasterKeyStore();
  private final Set<Under> known = ConcurrentHashMap.newKeySet();
  private volatile long lost;

  /// @param keyring is made to tell of every version before rows refer to it
  public MasterKeys(Database database, AuditTrail audit, Keyring keyring) {
    this.database = database;
    this.audit = audit;
    this.keyring = keyring;
    keyring.register((keyId, version) -> know(new Under(keyId, version)));
  }

  private void know(Under version) {
    if (!known.contains(version)) {
      database.write(
          db -> {
            store.know(db, version);
            return true;
          });
      known.add(version);
    }
  }

  /// Learns what other processes have done, and counts what cannot be decrypted. A master key that
  /// does not answer is tried again at the next turn.
  public void refresh() {
    keyring.require(database.read(store::minimums));
    lost = lost(database.read(MasterKeys::counts));
    try {
      know(newest());
    } catch (ProblemException away) {
      LOG.warn("{} does not answer", keyring.primary().id(), away);
    }
  }

  Under newest() {
    return new Under(keyring.primary().id(), keyring.primary().newest());
  }

  private static Map<Under, Long> counts(DSLContext db) {
    var all = new HashMap<Under, Long>();
    for (var table : WrappedKeyStore.ALL) {
      table.counts(db).forEach((under, rows) -> all.merge(under, (long) rows, Long::sum));
    }
    return all;
  }

  private long lost(Map<Under, Long> counts) {
    return counts.entrySet().stream()
        .filter(each -> !keyring.has(each.getKey().keyId(), each.getKey().version()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /// How many secrets are under keys that this process does not have or use, as of the last
  /// refresh.
  public long undecryptable() {
    return lost;
  }

  /// What health says of it; empty where all is well.
  public Optional<String> warning() {
    return lost == 0 ? Optional.empty() : Optional.of(lost + " UNDECRYPTABLE");
  }

  /// Those that this process has or that rows refer to, by id.
  List<MasterKey> list() {
    return database.read(
        db -> {
          var versions = store.versions(db);
          var minimums = store.minimums(db);
          var counts = counts(db);
          var ids = new TreeSet<>(versions.keySet());
          ids.addAll(keyring.ids());
          return ids.stream()
              .map(
                  id ->
                      new MasterKey(
                          id,
                          id.equals(keyring.primary().id()),
                          keyring.ids().contains(id),
                          minimums.getOrDefault(id, 1),
                          versions.getOrDefault(id, new TreeMap<>()).entrySet().stream()
                              .map(
                                  each ->
                                      new MasterKey.Version(
                                          each.getKey(),
                                          counts.getOrDefault(new Under(id, each.getKey()), 0L),
                                          each.getValue()))
                              .toList()))
              .toList();
        });
  }

  /// @param current the newest version that the caller knows; where it is not, nothing is done
  MasterKey rotate(Caller caller, String method, String id, int current) {
    var wrapper = held(id);
    var newest = wrapper.newest();
    if (current > newest) {
      throw Problem.invalid("current_version", "is not there yet");
    }
    if (current == newest) {
      newest = wrapper.rotate();
      LOG.info("{} has version {} now", id, newest);
    }
    var version = new Under(id, newest);
    database.write(
        db -> {
          store.know(db, version);
          record(db, caller, method, version);
          return true;
        });
    known.add(version);
    return find(id);
  }

  MasterKey minimum(Caller caller, String method, String id, int version) {
    var wrapper = held(id);
    if (version > wrapper.newest()) {
      throw Problem.invalid("minimum_version", "is not there yet");
    }
    know(new Under(id, wrapper.newest()));
    database.write(
        db -> {
          store.minimum(db, id, version);
          record(db, caller, method, new Under(id, version));
          return true;
        });
    refresh();
    return find(id);
  }

  /// The rows go first: what is destroyed after that is needed by nobody.
  MasterKey destroy(Caller caller, String method, String id, int version) {
    var key = find(id);
    if (key.primary() && version >= keyring.primary().newest()) {
      throw inUse(id, version);
    }
    database.write(
        db -> {
          if (!store.forgetThrough(db, id, version)) {
            throw inUse(id, version);
          }
          if (key.minimumVersion() <= version) {
            store.minimum(db, id, version + 1);
          }
          record(db, caller, method, new Under(id, version));
          return true;
        });
    known.removeIf(each -> each.keyId().equals(id) && each.version() <= version);
    if (keyring.ids().contains(id)) {
      keyring.wrapper(id).destroyThrough(version);
    }
    refresh();
    LOG.info("{} is destroyed through version {}", id, version);
    return find(id);
  }

  private static RuntimeException inUse(String id, int version) {
    return new Problem.Refused(
            "KEY_IN_USE",
            "%s, version %d, or one before it is in use".formatted(id, version),
            Map.of("id", id, "version", Integer.toString(version)))
        .raise();
  }

  private KeyWrapper held(String id) {
    find(id);
    if (!keyring.ids().contains(id)) {
      throw new Problem.Refused(
              "KEY_NOT_HELD", "this process does not have " + id, Map.of("id", id))
          .raise();
    }
    return keyring.wrapper(id);
  }

  private MasterKey find(String id) {
    return list().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, id).raise());
  }

  private void record(DSLContext db, Caller caller, String method, Under version) {
    var changes = Map.of("version", Integer.toString(version.version()));
    audit.record(db, caller, new AuditRecord(method, RESOURCE, version.keyId(), changes));
  }
}
