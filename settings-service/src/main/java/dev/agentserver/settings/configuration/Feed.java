package dev.agentserver.settings.configuration;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.configuration.Setting.Layer;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.Definition.Draft;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.secret.Undecryptable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The settings of the system's services: settings of the platform's tenant that the services
/// define themselves.
public final class Feed {
  /// What a service is given of one setting; secrets in clear.
  record Pulled(String key, String text, Layer layer) {}

  /// Those of a service at a revision.
  record Page(long revision, List<Pulled> settings) {}

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  private final Database database;
  private final Platform platform;
  private final Definitions definitions;
  private final Following following;
  private final Snapshots snapshots;
  private final Changes changes;

  Feed(
      Database database,
      Platform platform,
      Definitions definitions,
      Following following,
      Snapshots snapshots,
      Changes changes) {
    this.database = database;
    this.platform = platform;
    this.definitions = definitions;
    this.following = following;
    this.snapshots = snapshots;
    this.changes = changes;
  }

  /// @return the keys whose definition was left as it is
  List<String> register(Caller service, String name, List<Draft> drafts, String action) {
    return definitions.register(service.in(platform.get()), name, drafts, action);
  }

  /// What the service's settings are; waits for a revision after the one it has.
  ///
  /// @param after null: answers at once
  Page pull(String service, String environment, @Nullable Long after, Duration wait) {
    var tenant = platform.get();
    var snapshot = after == null ? snapshots.get(tenant) : following.later(tenant, after, wait);
    var settings =
        snapshot.definitions().values().stream()
            .filter(definition -> definition.service().equals(service))
            .flatMap(definition -> pulled(tenant, snapshot, definition, environment))
            .toList();
    return new Page(snapshot.revision(), settings);
  }

  private Stream<Pulled> pulled(
      UUID tenant, Snapshot snapshot, Definition definition, String environment) {
    var setting = snapshot.setting(definition.key(), environment).orElseThrow();
    var text =
        definition.sensitive()
            ? secret(tenant, snapshot, definition, environment)
            : Optional.ofNullable(setting.text());
    return text.map(each -> new Pulled(definition.key(), each, setting.layer())).stream();
  }

  private Optional<String> secret(
      UUID tenant, Snapshot snapshot, Definition definition, String environment) {
    var value = snapshot.value(definition, environment);
    if (value == null) {
      return Optional.empty();
    }
    var own = Item.value(definition.key(), environment);
    var item = value == snapshot.values().get(own) ? own : Item.value(definition.key(), "");
    return Optional.ofNullable(open(tenant, item, value));
  }

  /// Null where it is lost: a service goes on with what it has else.
  private @Nullable String open(UUID tenant, Item item, Value value) {
    try {
      return changes.open(tenant, item, value);
    } catch (Undecryptable _) {
      // The snapshot may be of before a rewrap, which is no change of the setting.
      return database.read(db -> openAgain(db, tenant, item, value));
    }
  }

  private @Nullable String openAgain(DSLContext db, UUID tenant, Item item, Value value) {
    try {
      return changes.openAgain(db, tenant, item, value);
    } catch (Undecryptable lost) {
      LOG.warn("{} cannot be decrypted, so that it has its default", item, lost);
      return null;
    }
  }
}
