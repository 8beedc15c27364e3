package dev.agentserver.settings.flag.eval;

import dev.agentserver.kit.db.Database;
import dev.agentserver.settings.flag.store.FlagStore;
import dev.agentserver.settings.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;

/// The flags of the tenants that somebody asks for, in memory. They are read when a tenant is first
/// asked for, and again when its revision, or the platform's, is not the one they are of.
public final class Snapshots {
  private static final UUID NOBODY = new UUID(0, 0);

  private final Database database;
  private final History history;
  private final FlagStore store = new FlagStore();
  private final ConcurrentHashMap<UUID, TenantFlags> tenants = new ConcurrentHashMap<>();

  private record Read(Rows own, Rows platform) {}

  public Snapshots(Database database, History history) {
    this.database = database;
    this.history = history;
  }

  /// The flags of a tenant in an environment.
  public FlagSet of(UUID tenantId, String environment) {
    return loaded(tenantId).in(environment);
  }

  /// Waits until they are not those that the caller has, `patience` at most.
  public FlagSet after(UUID tenantId, String environment, FlagSet seen, Duration patience) {
    return loaded(tenantId).after(seen, environment, patience);
  }

  private TenantFlags loaded(UUID tenantId) {
    var flags = tenants.computeIfAbsent(tenantId, _ -> new TenantFlags());
    if (!flags.isLoaded()) {
      load(tenantId, flags);
    }
    return flags;
  }

  /// Reads what has changed. One statement where nothing has.
  void refresh() {
    if (tenants.isEmpty()) {
      return;
    }
    var heads =
        database.read(
            db -> {
              var asked = new ArrayList<>(tenants.keySet());
              var platform = store.platform(db).orElse(NOBODY);
              asked.add(platform);
              var found = history.last(db, asked);
              found.put(NOBODY, found.getOrDefault(platform, 0L));
              return found;
            });
    tenants.forEach(
        (tenantId, flags) -> {
          if (flags.isBehind(heads.getOrDefault(tenantId, 0L), heads.getOrDefault(NOBODY, 0L))) {
            load(tenantId, flags);
          }
        });
  }

  /// Reads a tenant again, if anybody here asks for it.
  public void refresh(UUID tenantId) {
    var flags = tenants.get(tenantId);
    if (flags != null) {
      load(tenantId, flags);
    }
  }

  /// Forgets tenants that nobody has asked for for so long.
  void forget(Duration idle) {
    tenants.values().removeIf(flags -> flags.isIdle(idle));
  }

  private void load(UUID tenantId, TenantFlags flags) {
    var read = database.snapshot(db -> read(db, tenantId));
    flags.take(read.own(), read.platform());
  }

  private Read read(DSLContext db, UUID tenantId) {
    var platform = store.platform(db).orElse(NOBODY);
    var own = rows(db, tenantId);
    // The platform's revision counts for it too, so that one question finds who is behind.
    return new Read(
        own,
        platform.equals(tenantId)
            ? new Rows(own.revision(), List.of())
            : platform.equals(NOBODY) ? Rows.NONE : rows(db, platform));
  }

  private Rows rows(DSLContext db, UUID tenantId) {
    return new Rows(history.last(db, tenantId), store.all(db, tenantId));
  }
}
