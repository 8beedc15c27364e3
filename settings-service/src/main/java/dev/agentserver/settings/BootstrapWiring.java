package dev.agentserver.settings;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.settings.bootstrap.Bootstrap;
import dev.agentserver.settings.key.KeyHashes;
import java.security.SecureRandom;
import java.time.Clock;

/// What `bootstrap` needs, without the rest of the service.
///
/// @param bootstrap works on the database
public record BootstrapWiring(Database database, Bootstrap bootstrap) implements AutoCloseable {
  /// Migrates the schema and opens it.
  public static BootstrapWiring open(Config config) {
    Migrations.migrate(config.database());
    var database = Database.open(config.database());
    return new BootstrapWiring(database, on(database, config));
  }

  static Bootstrap on(Database database, Config config) {
    var random = new SecureRandom();
    return new Bootstrap(
        database,
        new KeyHashes(config.keyPepper()),
        Ids.uuidV7(Clock.systemUTC())::next,
        environment -> ApiKey.generate(environment, random));
  }

  @Override
  public void close() {
    database.close();
  }
}
