package dev.agentserver.settings;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.config.Safety;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.config.ServiceSafety;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.settings.chat.ChatDefaults;
import dev.agentserver.settings.configuration.ConfigurationWiring;
import dev.agentserver.settings.flag.FlagConfig;
import dev.agentserver.settings.oidc.OidcConfig;
import dev.agentserver.settings.outbound.OutboundConfig;
import dev.agentserver.settings.secret.Sealing;
import dev.agentserver.settings.secret.wrapper.MasterKeyConfig;
import java.time.Duration;
import java.util.Optional;

/// What the process is told from outside.
///
/// @param encryptionKey encrypts what the database must not know: 32 bytes, base64
/// @param keyPepper goes into the hashes of API keys, so that a stolen table opens nothing
/// @param signingKeyLife how long a key signs tokens before the next one takes over
/// @param keyEnvironment what new API keys say they open, for example "dev"
/// @param chat how users chat who have not said otherwise
/// @param oidc who else vouches for users
/// @param configuration how settings are kept and followed
/// @param flags how flags are served
/// @param masterKeys which keys secrets are kept under
/// @param outbound where requests may go that users ask for
/// @param agentRunTarget where agent-run-service is, which knows what runs may use
public record Config(
    ServerConfig server,
    DatabaseConfig database,
    Secret encryptionKey,
    Secret keyPepper,
    Duration signingKeyLife,
    String keyEnvironment,
    ChatDefaults chat,
    OidcConfig oidc,
    ConfigurationWiring.Options configuration,
    FlagConfig flags,
    MasterKeyConfig masterKeys,
    OutboundConfig outbound,
    String agentRunTarget) {
  /// The service's name in logs, metrics and as a consumer of other services' facts.
  public static final String NAME = "settings-service";

  /// The schema it owns.
  public static final String SCHEMA = "settings";

  private static final int DEFAULT_PORT = 9102;
  private static final Duration SHORTEST_LIFE = Duration.ofHours(3);

  /// Reads the environment; docs/operations.md lists the variables. Both secrets are required in
  /// every profile: with a default that everybody knows they would protect nothing.
  public static Config from(Environment environment) {
    Safety.require(
        environment, ServiceSafety::server, ServiceSafety.database(SCHEMA), SettingsSafety::judge);
    var key = environment.secret("SETTINGS_KEY");
    var server = ServerConfig.from(environment, NAME, DEFAULT_PORT);
    return new Config(
        server,
        DatabaseConfig.from(environment, SCHEMA),
        key,
        environment.secret("KEY_PEPPER"),
        signingKeyLife(environment),
        keyEnvironment(environment),
        ChatDefaults.from(environment),
        OidcConfig.from(environment),
        new ConfigurationWiring.Options(
            variable -> Optional.of(environment.text(variable, "")).filter(text -> !text.isEmpty()),
            LiveConfig.environment(environment),
            environment.flag("EVENTS_DOORBELL", true)),
        FlagConfig.from(environment, server.port()),
        MasterKeyConfig.from(environment),
        OutboundConfig.from(environment),
        environment.text("AGENT_RUN_TARGET", "static:127.0.0.1:9104"));
  }

  /// Encrypts under SETTINGS_KEY itself.
  Sealing sealing() {
    return new Sealing(encryptionKey, masterKeys.previous());
  }

  /// Whether a key may open anything here. Production does not take the keys of development, should
  /// its database have any: they lie in files and in logs.
  public boolean accepts(ApiKey key) {
    return server.profile() == Profile.DEV || !key.environment().equals(SettingsSafety.DEVELOPMENT);
  }

  /// A key is published an hour before it signs, so it must sign for longer than that.
  private static Duration signingKeyLife(Environment environment) {
    var life = environment.duration("SIGNING_KEY_LIFE", Duration.ofDays(30));
    if (life.compareTo(SHORTEST_LIFE) < 0) {
      throw new IllegalArgumentException("SIGNING_KEY_LIFE is " + life + ", allowed is 3h or more");
    }
    return life;
  }

  private static String keyEnvironment(Environment environment) {
    var prod = Profile.from(environment) == Profile.PROD;
    var name = environment.text("KEY_ENVIRONMENT", prod ? "live" : "dev");
    if (!name.matches("[a-z]{1,16}")) {
      throw new IllegalArgumentException(
          "KEY_ENVIRONMENT is \"" + name + "\", allowed are 1 to 16 letters from a to z");
    }
    return name;
  }
}
