package dev.agentserver.settings.token;

import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;

import dev.agentserver.settings.user.UserStore;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// Reads the caller's own row.
final class ProfileStore {
  Optional<Profile> find(DSLContext db, UUID tenantId, UUID userId) {
    return db.select(UserStore.COLUMNS)
        .select(ORGANIZATION.NAME)
        .from(USER_ACCOUNT)
        .join(ORGANIZATION)
        .on(ORGANIZATION.TENANT_ID.eq(USER_ACCOUNT.TENANT_ID))
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.USER_ID.eq(userId))
        .fetchOptional(row -> new Profile(UserStore.user(row), row.get(ORGANIZATION.NAME)));
  }
}
