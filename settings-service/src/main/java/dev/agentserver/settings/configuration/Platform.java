package dev.agentserver.settings.configuration;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The tenant of the platform itself: its settings are those of the services, and the public ones
/// lie beneath every tenant's. It is made once and never changes.
public final class Platform {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Database database;
  private final PlatformStore store = new PlatformStore();
  private volatile @Nullable UUID id;

  public Platform(Database database) {
    this.database = database;
  }

  /// Empty before the first tenant was made.
  public Optional<UUID> find() {
    var known = id;
    if (known == null) {
      known = database.read(store::find).orElse(null);
      id = known;
    }
    return Optional.ofNullable(known);
  }

  /// Fails with Unavailable before the first tenant was made.
  UUID get() {
    return find().orElseThrow(() -> new Problem.Unavailable("platform tenant", RETRY).raise());
  }

  boolean is(UUID tenantId) {
    return find().filter(tenantId::equals).isPresent();
  }
}
