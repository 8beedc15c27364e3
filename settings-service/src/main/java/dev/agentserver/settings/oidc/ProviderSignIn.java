package dev.agentserver.settings.oidc;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.settings.oidc.ProviderTokens.Proven;
import dev.agentserver.settings.token.ExternalUser;
import dev.agentserver.settings.token.ExternalUsers;
import dev.agentserver.settings.token.ExternalUsers.Seen;
import dev.agentserver.settings.token.OidcSignIn;
import dev.agentserver.settings.token.Sightings;
import dev.agentserver.settings.user.ProviderRoles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Signs users in by tokens of the providers that are trusted. A user is made when a provider first
/// vouches for them; what the token says of e-mail address and name counts then only.
public final class ProviderSignIn implements OidcSignIn, AutoCloseable {
  private static final int ID_BYTES = 18;

  private final ProviderTokens tokens;
  private final ExternalUsers users;
  private final ProviderRoles roles;
  private final Sightings sightings;
  private final AuditTrail audit;

  public ProviderSignIn(
      OidcConfig config,
      ExternalUsers users,
      ProviderRoles roles,
      Sightings sightings,
      AuditTrail audit,
      Clock clock) {
    this.tokens = new ProviderTokens(config, clock);
    this.users = users;
    this.roles = roles;
    this.sightings = sightings;
    this.audit = audit;
    tokens.warm();
  }

  @Override
  public Caller signIn(String token) {
    var proven = tokens.verify(token);
    var who = Identity.of(proven);
    var credential = credential(token);
    var user = user(proven, who, credential);
    if (!user.grant().active()) {
      throw Identity.refused("USER_SUSPENDED", "the user is suspended");
    }
    sightings.add(who.tenantId(), user.userId(), null);
    return new Caller(
        who.tenantId(),
        user.userId(),
        Kind.USER,
        user.grant().roles(),
        user.grant().permissions(),
        credential,
        proven.claims().getExpirationTime().toInstant(),
        user.revocation());
  }

  /// Where the provider says the roles, it says them at each sign-in anew.
  private ExternalUser user(Proven proven, Identity who, String credential) {
    var issuer = proven.issuer();
    var seen = see(issuer, who, credential);
    var issued = proven.claims().getIssueTime();
    if (issuer.roles().claim() == null
        || issued == null
        || seen.grant().roles().equals(who.roles())) {
      return seen;
    }
    var self = caller(who.tenantId(), seen.userId(), credential);
    roles.assign(self, who.roles(), issued.toInstant());
    return see(issuer, who, credential);
  }

  private ExternalUser see(Issuer issuer, Identity who, String credential) {
    var tenantId = who.tenantId();
    return users.see(
        new Seen(tenantId, issuer.id(), who.subject(), who.email(), who.name(), who.roles()),
        (db, id) -> {
          roles.require(db, tenantId, who.roles());
          audit.record(
              db,
              caller(tenantId, id, credential),
              new AuditRecord(
                  "user.create_by_oidc", "user", id.toString(), Map.of("issuer", issuer.id())));
        });
  }

  private static Caller caller(UUID tenantId, UUID userId, String credential) {
    return new Caller(tenantId, userId, Kind.USER, Set.of(), Set.of(), credential);
  }

  /// The same token is the same credential; nobody learns the token from it.
  private static String credential(String token) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return "oidc-"
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, ID_BYTES));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

  @Override
  public void close() {
    tokens.close();
  }
}
