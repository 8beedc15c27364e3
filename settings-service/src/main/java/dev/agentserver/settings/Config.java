package dev.agentserver.settings;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.config.ServerConfig;

/// What the process is told from outside.
///
/// @param encryptionKey encrypts what the database must not know: 32 bytes, base64
/// @param keyPepper goes into the hashes of API keys, so that a stolen table opens nothing
public record Config(
    ServerConfig server, DatabaseConfig database, Secret encryptionKey, Secret keyPepper) {
  /// The service's name in logs, metrics and as a consumer of other services' facts.
  public static final String NAME = "settings-service";

  /// The schema it owns.
  public static final String SCHEMA = "settings";

  private static final int DEFAULT_PORT = 9102;

  /// Reads the environment; docs/operations.md lists the variables. Both secrets are required in
  /// every profile: with a default that everybody knows they would protect nothing.
  public static Config from(Environment environment) {
    return new Config(
        ServerConfig.from(environment, NAME, DEFAULT_PORT),
        DatabaseConfig.from(environment, SCHEMA),
        environment.secret("SETTINGS_KEY"),
        environment.secret("KEY_PEPPER"));
  }
}
