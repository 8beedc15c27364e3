package dev.agentserver.agentrun.price.book;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentserver.agentrun.price.Calculation;
import dev.agentserver.agentrun.price.Choice;
import dev.agentserver.agentrun.price.ModelName;
import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.kit.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// The price book in the database. What it has read of a model it knows for a second, so that a
/// price that another process writes counts within that time.
final class StoredPrices implements PriceBook {
  private static final Duration KNOWN = Duration.ofSeconds(1);
  private static final int MOST = 10_000;

  /// @param model a whole name
  private record Key(UUID tenantId, String provider, String model) {}

  private final Database database;
  private final UnaryOperator<String> providers;
  private final PriceStore store = new PriceStore();
  private final Cache<Key, List<PriceVersion>> known =
      Caffeine.newBuilder().expireAfterWrite(KNOWN).maximumSize(MOST).build();

  /// @param providers the name of a provider here
  StoredPrices(Database database, UnaryOperator<String> providers) {
    this.database = database;
    this.providers = providers;
  }

  @Override
  public Priced price(
      UUID tenantId, NormalizedUsage usage, Conditions conditions, Instant occurredAt) {
    var terms = conditions.or(usage.conditions());
    var provider = providers.apply(usage.provider());
    return Calculation.of(
        usage,
        model -> {
          var names = ModelName.candidates(model);
          var versions = versions(new Key(tenantId, provider, model), names);
          return Choice.of(versions, names, terms, occurredAt);
        });
  }

  private List<PriceVersion> versions(Key key, List<String> names) {
    return known.get(
        key, _ -> database.read(db -> store.ofModels(db, key.tenantId(), key.provider(), names)));
  }

  /// Another price was written.
  void forget() {
    known.invalidateAll();
  }
}
