package dev.agentserver.settings;

import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.KeyVerifier;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.identity.TicketVerifier;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import dev.agentserver.settings.grant.Grants;
import dev.agentserver.settings.key.KeyHashes;
import dev.agentserver.settings.key.ServicePrincipals;
import dev.agentserver.settings.oidc.ProviderSignIn;
import dev.agentserver.settings.token.Access;
import dev.agentserver.settings.token.AccessRpc;
import dev.agentserver.settings.token.Exchange;
import dev.agentserver.settings.token.ExternalUsers;
import dev.agentserver.settings.token.Sightings;
import dev.agentserver.settings.token.SigningKeys;
import dev.agentserver.settings.user.ProviderRoles;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/// What makes tokens of credentials.
record TokenWiring(
    SigningKeys keys,
    ProviderSignIn oidc,
    Sightings sightings,
    AccessRpc service,
    Exchange exchange,
    TicketVerifier tickets,
    Periodic rotation,
    Periodic notes)
    implements AutoCloseable {
  private static final Duration KEYS = Duration.ofSeconds(30);
  private static final Duration JWKS_TTL = Duration.ofMinutes(5);
  private static final Duration JWKS_OUTAGE = Duration.ofHours(4);
  private static final Duration NOTES = Duration.ofSeconds(5);

  static TokenWiring open(
      KitRuntime kit,
      Config config,
      KeyHashes hashes,
      Grants grants,
      dev.agentserver.settings.revocation.Revocations revocations,
      Clock clock) {
    var database = kit.database();
    var keys =
        SigningKeys.open(
            database, config.sealing(), clock, kit.ids()::next, config.signingKeyLife());
    var users = new ExternalUsers(database, kit.ids()::next);
    var sightings = new Sightings(database);
    var exchange =
        new Exchange(
            database,
            hashes,
            new ServicePrincipals(),
            users,
            grants,
            sightings,
            kit.audit(),
            config::accepts);
    var tickets = new TicketVerifier(keys, clock);
    var oidc =
        new ProviderSignIn(
            config.oidc(),
            users,
            new ProviderRoles(database, kit.audit(), revocations),
            sightings,
            kit.audit(),
            clock);
    var service = new AccessRpc(exchange, oidc, keys, tickets, new Access(database, grants));
    return new TokenWiring(
        keys,
        oidc,
        sightings,
        service,
        exchange,
        tickets,
        Periodic.start("signing-keys", KEYS, keys::refresh),
        Periodic.start("sightings", NOTES, sightings::flush));
  }

  /// Verifies callers by the keys here: of tokens, and of API keys and providers' tokens without
  /// asking another process.
  KeyVerifier verifier(Revocations refused, Clock clock) {
    var verifier = new JwtVerifier(keys, clock, JWKS_TTL, JWKS_OUTAGE, refused);
    return new KeyVerifier(
        verifier,
        key -> IssuedToken.of(keys.tokens().issue(exchange.apiKey(key)).jwt()),
        token -> IssuedToken.of(keys.tokens().issue(oidc.signIn(token)).jwt()),
        refused,
        clock);
  }

  /// What this service proves itself with to others: it vouches for itself as it does for
  /// everybody.
  ServiceToken own(Revocations refused, Clock clock) {
    var id = UUID.nameUUIDFromBytes(Config.NAME.getBytes(StandardCharsets.UTF_8));
    return new ServiceToken(
        () -> {
          var self =
              new Caller(
                  null,
                  id,
                  Kind.SERVICE,
                  Set.of(BuiltInRoles.SERVICE),
                  Set.of(),
                  Config.NAME,
                  null,
                  refused.position());
          return IssuedToken.of(keys.tokens().issue(self).jwt());
        },
        clock);
  }

  /// The token of a ticket, which ends with it.
  String ofTicket(String ticket, String path) {
    return keys.tokens().issue(tickets.verify(ticket, path)).jwt();
  }

  @Override
  public void close() {
    notes.close();
    rotation.close();
    oidc.close();
    tickets.close();
  }
}
