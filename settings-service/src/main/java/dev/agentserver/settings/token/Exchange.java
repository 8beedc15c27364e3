package dev.agentserver.settings.token;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.grant.Grants;
import dev.agentserver.settings.key.KeyHashes;
import dev.agentserver.settings.key.ServicePrincipals;
import dev.agentserver.settings.role.Assignable;
import dev.agentserver.settings.role.Permissions;
import dev.agentserver.settings.token.ExternalUsers.Seen;
import dev.agentserver.settings.token.PrincipalStore.KeyRow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Finds who a credential stands for, as the token will say.
public final class Exchange {
  /// Who vouches for the users that a key acts for.
  public static final String APPLICATION = "application";

  private static final String ACT = "token:issue";

  private final Database database;
  private final KeyHashes hashes;
  private final ServicePrincipals services;
  private final ExternalUsers users;
  private final Grants grants;
  private final Permissions permissions = new Permissions();
  private final Assignable assignable = new Assignable();
  private final Sightings sightings;
  private final AuditTrail audit;
  private final Predicate<ApiKey> accepted;
  private final PrincipalStore store = new PrincipalStore();

  /// @param accepted which keys are looked for at all
  public Exchange(
      Database database,
      KeyHashes hashes,
      ServicePrincipals services,
      ExternalUsers users,
      Grants grants,
      Sightings sightings,
      AuditTrail audit,
      Predicate<ApiKey> accepted) {
    this.database = database;
    this.hashes = hashes;
    this.services = services;
    this.users = users;
    this.grants = grants;
    this.sightings = sightings;
    this.audit = audit;
    this.accepted = accepted;
  }

  /// The user the key acts as, as far as its scopes go. The token ends with the key.
  public Caller apiKey(String text) {
    var presented = ApiKey.parse(text).filter(accepted).orElseThrow(Exchange::unknown);
    var hash = hashes.of(presented);
    var key =
        database
            .read(db -> store.byKey(db, presented.id()))
            .filter(found -> opens(found, hash) && found.usable() && found.grant().active())
            .orElseThrow(Exchange::unknown);
    sightings.add(key.tenantId(), key.userId(), presented.id());
    var whole =
        new Caller(
            key.tenantId(),
            key.userId(),
            Kind.USER,
            key.grant().roles(),
            key.grant().permissions(),
            presented.id(),
            key.expiresAt(),
            key.revocation());
    return key.scopes().isEmpty() ? whole : whole.only(key.scopes());
  }

  /// Both secrets are compared, whatever the first comparison says.
  private static boolean opens(KeyRow key, byte[] hash) {
    var previous = key.previousHash();
    return KeyHashes.same(key.hash(), hash) | (previous != null && KeyHashes.same(previous, hash));
  }

  /// The service that the credential belongs to.
  Caller service(String text) {
    var presented = ApiKey.parse(text).orElseThrow(Exchange::unknown);
    var hash = hashes.of(presented);
    var found =
        database
            .read(db -> services.find(db, presented.id()))
            .filter(service -> KeyHashes.same(service.hash(), hash))
            .orElseThrow(Exchange::unknown);
    return new Caller(
        null,
        found.id(),
        Kind.SERVICE,
        Set.of(BuiltInRoles.SERVICE),
        Set.of(),
        presented.id(),
        null,
        found.revocation());
  }

  /// A user of an application that has its own login.
  ///
  /// @param roles what the token is to allow; none means MEMBER
  record OnBehalf(String subject, String email, String name, List<String> roles) {}

  /// The user that the application acts for: with roles within the application's own rights, and no
  /// longer than its own token.
  Caller onBehalfOf(Caller application, OnBehalf user) {
    if (!application.may(ACT)) {
      throw new Problem.Denied(ACT).raise();
    }
    var tenantId = application.tenantId();
    var roles = user.roles().isEmpty() ? Set.of(BuiltInRoles.MEMBER) : Set.copyOf(user.roles());
    var granted =
        database.read(
            db -> {
              assignable.check(db, tenantId, roles, "on_behalf_of.roles");
              return permissions.of(db, tenantId, roles);
            });
    Permissions.need(application, granted);
    var seen =
        users.see(
            new Seen(tenantId, APPLICATION, user.subject(), user.email(), user.name(), roles),
            (db, id) ->
                audit.record(
                    db,
                    application,
                    new AuditRecord("user.create_on_behalf", "user", id.toString(), Map.of())));
    if (!seen.grant().active()) {
      throw unknown();
    }
    sightings.add(tenantId, seen.userId(), null);
    return new Caller(
        tenantId,
        seen.userId(),
        Kind.USER,
        roles,
        granted,
        application.credentialId(),
        application.expiresAt(),
        Math.min(application.revocation(), seen.revocation()));
  }

  /// One answer for all: an unknown key is not told from a wrong secret.
  private static RuntimeException unknown() {
    return new Problem.Unauthenticated("UNAUTHENTICATED", "the credential is not known").raise();
  }
}
