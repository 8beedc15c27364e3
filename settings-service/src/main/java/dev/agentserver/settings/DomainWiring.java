package dev.agentserver.settings;

import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.KeyVerifier;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import dev.agentserver.settings.chat.ChatSettingsRpc;
import dev.agentserver.settings.chat.Chats;
import dev.agentserver.settings.configuration.ConfigurationWiring;
import dev.agentserver.settings.envoy.AuthorizationRpc;
import dev.agentserver.settings.flag.ofrep.OfrepServer;
import dev.agentserver.settings.grant.Grants;
import dev.agentserver.settings.key.ApiKeyRpc;
import dev.agentserver.settings.key.ApiKeys;
import dev.agentserver.settings.key.KeyHashes;
import dev.agentserver.settings.reveal.RevealWiring;
import dev.agentserver.settings.revocation.RevocationFollower;
import dev.agentserver.settings.revocation.RevocationRpc;
import dev.agentserver.settings.revocation.Revocations;
import dev.agentserver.settings.run.RunGrantPeerRpc;
import dev.agentserver.settings.run.RunTokenRpc;
import dev.agentserver.settings.run.RunTokens;
import io.grpc.BindableService;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The service's own objects, without the process around them.
///
/// @param refused what callers are refused by in this process
record DomainWiring(
    List<BindableService> services,
    TokenWiring tokens,
    Revocations revocations,
    dev.agentserver.kit.identity.Revocations refused,
    RevocationFollower follower,
    ConfigurationWiring configuration,
    FlagWiring flags,
    SecretWiring secrets,
    RegistryWiring registry,
    RunGrantPeerRpc runs,
    Periodic sweeper)
    implements AutoCloseable {
  private static final Duration SWEEP = Duration.ofMinutes(10);

  static DomainWiring open(KitRuntime kit, Config config, Metrics metrics, Clock clock) {
    var database = kit.database();
    var random = new SecureRandom();
    var grants = new Grants();
    var hashes = new KeyHashes(config.keyPepper());
    var refused = new dev.agentserver.kit.identity.Revocations();
    var revocations = new Revocations(database, refused);
    revocations.refresh();
    var tokens = TokenWiring.open(kit, config, hashes, grants, revocations, clock);
    var keys =
        new ApiKeys(
            database,
            kit.writes(),
            kit.audit(),
            revocations,
            hashes,
            () -> ApiKey.generate(config.keyEnvironment(), random),
            clock,
            grants);
    var secrets = SecretWiring.open(kit, config, metrics, clock);
    var configuration =
        ConfigurationWiring.open(
            kit,
            config.server(),
            config.configuration(),
            secrets.values(),
            refused,
            metrics,
            clock);
    var services = new ArrayList<>(PeopleWiring.services(kit, keys, revocations));
    services.add(tokens.service());
    services.add(new ApiKeyRpc(keys));
    services.add(new RunTokenRpc(new RunTokens(database, () -> tokens.keys().tokens())));
    services.add(new RevocationRpc(revocations));
    services.addAll(configuration.services());
    var flags = FlagWiring.open(kit, config, configuration.log().bells(), refused, clock);
    services.addAll(flags.services());
    services.addAll(secrets.services());
    var runs = new RunGrantPeerRpc(config.agentRunTarget(), tokens.own(refused, clock));
    var registry = RegistryWiring.open(kit, config.outbound(), configuration.log().bells(), runs);
    services.addAll(registry.services());
    var chats = new Chats(database, kit.writes(), config.chat(), registry.models()::offered);
    services.add(new ChatSettingsRpc(chats));
    services.add(RevealWiring.service(kit, secrets.credentials(), runs));
    return new DomainWiring(
        services,
        tokens,
        revocations,
        refused,
        RevocationFollower.start(revocations),
        configuration,
        flags,
        secrets,
        registry,
        runs,
        Periodic.start("revocations", SWEEP, () -> revocations.sweep(clock.instant())));
  }

  /// Verifies callers by its own keys: of tokens, and of API keys without asking anybody.
  KeyVerifier verifier(Clock clock) {
    return tokens.verifier(refused, clock);
  }

  /// Answers Envoy by what the process verifies its own callers with.
  AuthorizationRpc authorization(KeyVerifier verifier, RefusalSink refusals) {
    return new AuthorizationRpc(verifier, tokens::ofTicket, refusals);
  }

  /// Serves flags by OFREP.
  OfrepServer ofrep(Config config, TokenVerifier verifier, RefusalSink refusals, Metrics metrics) {
    return OfrepServer.start(
        config.server(),
        config.flags().httpPort(),
        flags.served(),
        verifier,
        tokens.tickets(),
        (caller, path) -> tokens.keys().tickets().issue(caller, path),
        refusals,
        metrics.registry());
  }

  @Override
  public void close() {
    sweeper.close();
    registry.close();
    flags.close();
    configuration.close();
    follower.close();
    tokens.close();
    runs.close();
    secrets.close();
  }
}
