package dev.agentserver.settings;

import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import dev.agentserver.settings.configuration.OlderSecrets;
import dev.agentserver.settings.configuration.SecretValues;
import dev.agentserver.settings.credential.CredentialRpc;
import dev.agentserver.settings.credential.Credentials;
import dev.agentserver.settings.masterkey.MasterKeyRpc;
import dev.agentserver.settings.masterkey.MasterKeys;
import dev.agentserver.settings.masterkey.Rewraps;
import dev.agentserver.settings.secret.Envelope;
import dev.agentserver.settings.secret.Keyring;
import io.grpc.BindableService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The objects that keep secrets.
///
/// @param envelope encrypts and decrypts
/// @param values those of configuration
/// @param credentials those of providers and integrations
record SecretWiring(
    List<BindableService> services,
    Keyring keyring,
    Envelope envelope,
    SecretValues values,
    MasterKeys keys,
    Credentials credentials,
    Rewraps rewraps,
    Periodic refresh,
    Periodic rewrapping)
    implements AutoCloseable {
  private static final Duration REFRESH = Duration.ofSeconds(15);
  private static final Duration REWRAP = Duration.ofSeconds(1);

  static SecretWiring open(KitRuntime kit, Config config, Metrics metrics, Clock clock) {
    var database = kit.database();
    var keyring = config.masterKeys().open();
    var envelope = new Envelope(keyring);
    var keys = new MasterKeys(database, kit.audit(), keyring);
    keys.refresh();
    metrics.gauge(
        "settings_undecryptable_rows",
        "Secrets under master keys that this process does not have or use.",
        keys::undecryptable);
    var credentials =
        new Credentials(database, kit.writes(), kit.audit(), envelope, kit.ids()::next, clock);
    var values = new SecretValues(envelope, config.encryptionKey(), config.sealing());
    var older = new OlderSecrets(database, values);
    var rewraps =
        new Rewraps(
            database,
            kit.audit(),
            keyring,
            keys,
            kit.ids()::next,
            () -> {
              values.renew();
              older.bringUnderDataKeys();
            });
    return new SecretWiring(
        List.of(new CredentialRpc(credentials), new MasterKeyRpc(keys, rewraps)),
        keyring,
        envelope,
        values,
        keys,
        credentials,
        rewraps,
        Periodic.start(
            "master-keys",
            REFRESH,
            () -> {
              keys.refresh();
              values.renew();
            }),
        Periodic.start("rewrap", REWRAP, rewraps::work));
  }

  @Override
  public void close() {
    rewraps.stop();
    rewrapping.close();
    refresh.close();
    keyring.close();
  }
}
