package dev.agentserver.settings.token;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Users whom somebody else vouches for: an application with a login of its own, or an OIDC
/// provider. They are created when they are seen for the first time.
public final class ExternalUsers {
  private final Database database;
  private final Supplier<UUID> ids;
  private final PrincipalStore store = new PrincipalStore();

  public ExternalUsers(Database database, Supplier<UUID> ids) {
    this.database = database;
    this.ids = ids;
  }

  /// Somebody as they are vouched for.
  ///
  /// @param issuer who vouches
  /// @param subject the issuer's id of the user
  /// @param roles what a user who is new is given
  public record Seen(
      UUID tenantId,
      String issuer,
      String subject,
      String email,
      String name,
      Collection<String> roles) {}

  /// The user, who is there afterwards. However many calls see somebody first, one user is made.
  ///
  /// @param created told of a user who is new, in the transaction that makes them
  public ExternalUser see(Seen seen, BiConsumer<DSLContext, UUID> created) {
    return find(seen)
        .orElseGet(
            () -> {
              database.write(db -> create(db, seen, created));
              return find(seen).orElseThrow();
            });
  }

  /// Where the e-mail address is somebody's already, the new user has none: an address proves
  /// nothing here, so it must not lead to another's account.
  private boolean create(DSLContext db, Seen seen, BiConsumer<DSLContext, UUID> created) {
    if (!store.hasTenant(db, seen.tenantId())) {
      throw new Problem.Refused(
              "SIGN_IN_REFUSED", "the user's tenant is not there", Map.of("cause", "NO_TENANT"))
          .raise();
    }
    var id = ids.get();
    var made =
        insert(db, seen, id, seen.email().isEmpty() ? null : seen.email())
            || (!seen.email().isEmpty() && insert(db, seen, id, null));
    if (made) {
      store.insertRoles(db, seen.tenantId(), id, seen.roles());
      created.accept(db, id);
    }
    return made;
  }

  private boolean insert(DSLContext db, Seen seen, UUID id, @Nullable String email) {
    return store.insertExternal(
        db, seen.tenantId(), id, seen.issuer(), seen.subject(), email, seen.name());
  }

  private Optional<ExternalUser> find(Seen seen) {
    return database.read(
        db -> store.byExternal(db, seen.tenantId(), seen.issuer(), seen.subject()));
  }
}
