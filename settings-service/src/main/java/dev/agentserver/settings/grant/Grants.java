package dev.agentserver.settings.grant;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// What users may do now, by what is stored.
public final class Grants {
  private final GrantStore store = new GrantStore();

  /// Empty when the tenant has no such user.
  public Optional<Grant> find(DSLContext db, UUID tenantId, UUID userId) {
    return Optional.ofNullable(find(db, tenantId, List.of(userId)).get(userId));
  }

  /// The same of several; who is not there is absent.
  public Map<UUID, Grant> find(DSLContext db, UUID tenantId, Collection<UUID> users) {
    return store.find(db, tenantId, users);
  }
}
