package dev.agentserver.settings.configuration;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.Subscription;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.DefinitionJson;
import dev.agentserver.settings.definition.DefinitionStore;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Past;
import dev.agentserver.settings.history.Space;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The configurations of the tenants that are asked for, in memory. What this process writes is
/// seen at once, what another writes when its bell is heard, and within a second when it is not.
public final class Snapshots implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int TENANTS = 1_000;
  private static final Duration UNUSED = Duration.ofMinutes(10);

  /// One tenant's: the newest revision that is known of, and the snapshot, which is read when it is
  /// asked for and older.
  private static final class Slot {
    private final AtomicLong known = new AtomicLong();
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Snapshot snapshot;

    @Nullable Snapshot current() {
      var snapshot = this.snapshot;
      return snapshot != null && snapshot.revision() >= known.get() ? snapshot : null;
    }

    void know(long revision) {
      known.accumulateAndGet(revision, Math::max);
    }
  }

  private final Database database;
  private final Platform platform;
  private final Overrides overrides;
  private final LoadingCache<UUID, Slot> slots =
      Caffeine.newBuilder().maximumSize(TENANTS).expireAfterAccess(UNUSED).build(_ -> new Slot());
  private final DefinitionStore definitions = new DefinitionStore();
  private final ValueStore values = new ValueStore();
  private final Past past = new Past(Space.CONFIGURATION);
  private @Nullable Subscription bell;
  private @Nullable Thread thread;
  private volatile boolean open = true;
  private boolean failing;

  Snapshots(Database database, Platform platform, Overrides overrides) {
    this.database = database;
    this.platform = platform;
    this.overrides = overrides;
  }

  /// Follows what other processes write.
  ///
  /// @param bell rings with every revision of any tenant
  void follow(Subscription bell) {
    this.bell = bell;
    this.thread = Thread.ofVirtual().name("configuration").start(() -> follow(bell, this::refresh));
  }

  private void follow(Subscription bell, Runnable refresh) {
    try {
      while (open) {
        bell.await(LOOK);
        refresh.run();
      }
    } catch (Cancelled _) {
      // Closing.
    }
  }

  private void refresh() {
    try {
      var tenants = List.copyOf(slots.asMap().keySet());
      if (!tenants.isEmpty()) {
        database.read(db -> past.last(db, tenants)).forEach(this::know);
      }
      failing = false;
    } catch (RuntimeException failure) {
      if (open && !failing) {
        LOG.warn("cannot look for changes of configuration now", failure);
      }
      failing = true;
    }
  }

  /// There is a revision: who asks from now on gets it, or a later one.
  void know(UUID tenantId, long revision) {
    var slot = slots.getIfPresent(tenantId);
    if (slot != null) {
      slot.know(revision);
    }
  }

  /// A tenant's configuration, as far as is known.
  Snapshot get(UUID tenantId) {
    return atLeast(tenantId, 0);
  }

  /// A tenant's configuration at this revision or a later one.
  Snapshot atLeast(UUID tenantId, long revision) {
    var slot = slots.get(tenantId);
    slot.know(revision);
    var current = slot.current();
    return current != null ? current : read(slot, tenantId);
  }

  private Snapshot read(Slot slot, UUID tenantId) {
    slot.reading.lock();
    try {
      var current = slot.current();
      if (current != null) {
        return current;
      }
      var isPlatform = platform.is(tenantId);
      var read = database.snapshot(db -> read(db, tenantId, isPlatform));
      slot.snapshot = read;
      return read;
    } finally {
      slot.reading.unlock();
    }
  }

  private Snapshot read(DSLContext db, UUID tenantId, boolean isPlatform) {
    var revision = past.last(db, tenantId);
    var found = new TreeMap<String, Definition>();
    definitions
        .list(db, tenantId, "", "", Integer.MAX_VALUE)
        .forEach(definition -> found.put(definition.key(), definition));
    return new Snapshot(
        revision, found, values.all(db, tenantId), isPlatform ? overrides : Overrides.NONE);
  }

  /// A tenant's configuration as it was after a revision, without what processes say.
  Snapshot past(UUID tenantId, long revision) {
    return database.snapshot(db -> past(past.at(db, tenantId, revision, null), revision));
  }

  private static Snapshot past(Map<Item, Entry> items, long revision) {
    var definitions = new TreeMap<String, Definition>();
    var values = new HashMap<Item, Value>();
    items.forEach(
        (item, entry) -> {
          var made = entry.revision();
          var text = entry.content().text();
          if (!item.isDefinition()) {
            values.put(item, new Value(text, null, entry.content().fingerprint(), made.number()));
          } else if (text != null) {
            definitions.put(
                item.key(),
                new Definition(
                    DefinitionJson.read(item.key(), text),
                    "",
                    0,
                    made.number(),
                    made.createdAt(),
                    made.createdAt()));
          }
        });
    return new Snapshot(revision, definitions, values, Overrides.NONE);
  }

  /// Waits for the statement at hand.
  @Override
  public void close() {
    open = false;
    if (bell != null && thread != null) {
      bell.ring();
      try {
        thread.join(PATIENCE);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      bell.close();
    }
  }
}
