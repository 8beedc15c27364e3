package dev.agentserver.settings.token;

import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;

import dev.agentserver.settings.grant.GrantStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// Reads the caller's own row.
final class ProfileStore {
  Optional<Profile> find(DSLContext db, UUID tenantId, UUID userId) {
    return db.select(USER_ACCOUNT.asterisk(), ORGANIZATION.NAME, GrantStore.ROLES)
        .from(USER_ACCOUNT)
        .join(ORGANIZATION)
        .on(ORGANIZATION.TENANT_ID.eq(USER_ACCOUNT.TENANT_ID))
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.USER_ID.eq(userId))
        .fetchOptional(
            row -> {
              var seen = row.get(USER_ACCOUNT.LAST_LOGIN_AT);
              return new Profile(
                  row.get(USER_ACCOUNT.USER_ID),
                  row.get(USER_ACCOUNT.KIND),
                  row.get(USER_ACCOUNT.EMAIL),
                  row.get(USER_ACCOUNT.NAME),
                  row.get(USER_ACCOUNT.STATE),
                  row.get(USER_ACCOUNT.EXTERNAL_ISSUER),
                  row.get(USER_ACCOUNT.EXTERNAL_SUBJECT),
                  seen == null ? null : seen.toInstant(),
                  row.get(USER_ACCOUNT.VERSION),
                  row.get(USER_ACCOUNT.CREATED_AT).toInstant(),
                  row.get(USER_ACCOUNT.UPDATED_AT).toInstant(),
                  List.of(row.get(GrantStore.ROLES)),
                  row.get(ORGANIZATION.NAME));
            });
  }
}
