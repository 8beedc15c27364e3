package dev.agentserver.settings.token;

import dev.agentserver.kit.db.Database;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Notes when keys and users were last seen: beside the calls, and to within a minute.
public final class Sightings {
  private static final int MOST = 100_000;

  private final Database database;
  private final Set<Sighting> waiting = ConcurrentHashMap.newKeySet();
  private final SightingStore store = new SightingStore();

  /// @param keyId null where the user came without a key
  record Sighting(UUID tenantId, UUID userId, @Nullable String keyId) {}

  public Sightings(Database database) {
    this.database = database;
  }

  /// Of more than can be kept until the next flush some are not noted.
  public void add(UUID tenantId, UUID userId, @Nullable String keyId) {
    if (waiting.size() < MOST) {
      waiting.add(new Sighting(tenantId, userId, keyId));
    }
  }

  /// Writes what was seen since the last time.
  public void flush() {
    var batch = new ArrayList<>(waiting);
    if (batch.isEmpty()) {
      return;
    }
    waiting.removeAll(Set.copyOf(batch));
    database.write(
        db -> {
          store.note(db, batch);
          return true;
        });
  }
}
