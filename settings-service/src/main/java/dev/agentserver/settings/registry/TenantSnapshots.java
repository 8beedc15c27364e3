package dev.agentserver.settings.registry;

import dev.agentserver.kit.db.Database;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jooq.DSLContext;

/// What tenants have, in memory: immutable, read when a tenant is first asked for, and again when
/// the number of its changes is another.
///
/// @param <T> all of one kind that a tenant has
public final class TenantSnapshots<T> {
  private final Database database;
  private final BiFunction<DSLContext, UUID, T> reader;
  private final HeadStore heads = new HeadStore();
  private final ConcurrentHashMap<UUID, Held<T>> tenants = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<UUID, Long> used = new ConcurrentHashMap<>();

  /// @param reader reads what a tenant has
  public TenantSnapshots(Database database, BiFunction<DSLContext, UUID, T> reader) {
    this.database = database;
    this.reader = reader;
  }

  /// What the tenant has. Not to be called inside a transaction.
  public T of(UUID tenantId) {
    used.put(tenantId, System.nanoTime());
    var held = tenants.get(tenantId);
    return (held == null ? load(tenantId) : held).value();
  }

  /// Reads what has changed. One statement where nothing has.
  void refresh() {
    if (tenants.isEmpty()) {
      return;
    }
    var now = database.read(db -> heads.heads(db, tenants.keySet()));
    tenants.forEach(
        (tenantId, held) -> {
          var head = now.get(tenantId);
          if (head == null && held.change() > 0) {
            // The tenant was erased.
            tenants.remove(tenantId);
          } else if (head != null && head > held.change()) {
            load(tenantId);
          }
        });
  }

  /// Reads a tenant again, if anybody here has asked for it.
  void refresh(UUID tenantId) {
    if (tenants.containsKey(tenantId)) {
      load(tenantId);
    }
  }

  /// Forgets tenants that nobody has asked for for so long.
  void forget(Duration idle) {
    var now = System.nanoTime();
    used.forEach(
        (tenantId, time) -> {
          if (now - time > idle.toNanos() && used.remove(tenantId, time)) {
            tenants.remove(tenantId);
          }
        });
  }

  private Held<T> load(UUID tenantId) {
    var read =
        database.snapshot(db -> new Held<>(heads.head(db, tenantId), reader.apply(db, tenantId)));
    // Something later may have been read meanwhile.
    return tenants.merge(tenantId, read, (old, now) -> now.change() < old.change() ? old : now);
  }
}
