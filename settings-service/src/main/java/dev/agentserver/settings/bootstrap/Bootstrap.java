package dev.agentserver.settings.bootstrap;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.settings.key.KeyHashes;
import dev.agentserver.settings.key.ServicePrincipals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Makes what there must be before anybody can ask for anything. It works on the database alone,
/// beside a service that runs or without one.
public final class Bootstrap {
  private static final String PLATFORM = "Platform";
  private static final String SERVICES = "services";
  private static final int LAST = 4;

  private static final List<String> OWNER = List.of(BuiltInRoles.TENANT_OWNER);

  /// Owns the platform's tenant too: else nobody could make a second administrator.
  private static final List<String> ADMINISTRATOR =
      List.of(BuiltInRoles.PLATFORM_ADMIN, BuiltInRoles.TENANT_OWNER);

  private final Database database;
  private final KeyHashes hashes;
  private final Supplier<UUID> ids;
  private final Function<String, ApiKey> generator;
  private final ServicePrincipals services = new ServicePrincipals();
  private final BootstrapStore store = new BootstrapStore();

  /// @param generator makes a key for this environment that nobody has
  public Bootstrap(
      Database database, KeyHashes hashes, Supplier<UUID> ids, Function<String, ApiKey> generator) {
    this.database = database;
    this.hashes = hashes;
    this.ids = ids;
    this.generator = generator;
  }

  /// What was made, to be shown once: only hashes of the credentials are kept.
  ///
  /// @param ownerKey the key of the owner of the first tenant
  /// @param platformKey the key of who may make further tenants
  /// @param serviceCredential what the services prove themselves with
  public record First(
      UUID tenantId, ApiKey ownerKey, ApiKey platformKey, ApiKey serviceCredential) {}

  /// Makes the platform's tenant, the first tenant with its owner, and the credential of the
  /// services. Fails with [OwnerExists] where there is an owner.
  public First first(String environment, String tenantName, @Nullable String ownerEmail) {
    return database.write(
        db -> {
          store.lock(db);
          if (store.isOwned(db)) {
            throw new OwnerExists();
          }
          var administrator = generator.apply(environment);
          var platformId = platform(db);
          person(db, platformId, ADMINISTRATOR, null, administrator, ids.get());
          var owner = generator.apply(environment);
          var tenantId = ids.get();
          store.tenant(db, tenantId, tenantName, false);
          person(db, tenantId, OWNER, ownerEmail, owner, ids.get());
          var credential = generator.apply("service");
          service(db, credential);
          return new First(tenantId, owner, administrator, credential);
        });
  }

  /// Makes the platform's tenant where there is none.
  private UUID platform(DSLContext db) {
    return store
        .platform(db)
        .orElseGet(
            () -> {
              var id = ids.get();
              store.tenant(db, id, PLATFORM, true);
              return id;
            });
  }

  /// A tenant for development, whose credentials are kept in clear by whoever calls.
  public record Tenant(UUID id, String name, UUID ownerId, ApiKey ownerKey) {}

  /// Sees to it that these credentials work. May be called at every start.
  ///
  /// @param platformKey the key of who may make further tenants
  public void development(Iterable<Tenant> tenants, ApiKey platformKey, ApiKey serviceCredential) {
    database.write(
        db -> {
          store.lock(db);
          var platformId = platform(db);
          var administrator =
              UUID.nameUUIDFromBytes(
                  (platformId + "/administrator").getBytes(StandardCharsets.UTF_8));
          person(db, platformId, ADMINISTRATOR, null, platformKey, administrator);
          service(db, serviceCredential);
          for (var tenant : tenants) {
            store.tenant(db, tenant.id(), tenant.name(), false);
            person(db, tenant.id(), OWNER, null, tenant.ownerKey(), tenant.ownerId());
          }
          return true;
        });
  }

  private void service(DSLContext db, ApiKey credential) {
    services.add(db, ids.get(), SERVICES, credential.id(), hashes.of(credential));
  }

  private void person(
      DSLContext db,
      UUID tenantId,
      List<String> roles,
      @Nullable String email,
      ApiKey key,
      UUID userId) {
    var text = key.format();
    var name = roles.getFirst().toLowerCase(Locale.ROOT).replace('_', ' ');
    store.user(db, tenantId, userId, name, email, roles);
    store.key(
        db,
        tenantId,
        userId,
        key.id(),
        "first key",
        hashes.of(key),
        text.substring(text.length() - LAST));
  }
}
