package dev.agentserver.settings.user;

import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.user.User.Attributes;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Sees to it that somebody is left to own a tenant.
final class Owners {
  /// Without one of these a tenant cannot be run any more: nobody else could give them again.
  private static final List<String> INDISPENSABLE =
      List.of(BuiltInRoles.TENANT_OWNER, BuiltInRoles.PLATFORM_ADMIN);

  private final UserStore store;

  Owners(UserStore store) {
    this.store = store;
  }

  /// Fails with LAST_OWNER where nobody would be left. The tenant is locked by whoever asks.
  ///
  /// @param changed null: nothing is left of the user
  void keep(DSLContext db, UUID tenant, User user, @Nullable Attributes changed) {
    for (var role : INDISPENSABLE) {
      var lost = user.attributes().holds(role) && (changed == null || !changed.holds(role));
      if (lost && !store.othersHold(db, tenant, role, user.id())) {
        throw new Problem.Refused(
                "LAST_OWNER",
                "nobody else who is active is " + role,
                Map.of("id", user.id().toString()))
            .raise();
      }
    }
  }
}
