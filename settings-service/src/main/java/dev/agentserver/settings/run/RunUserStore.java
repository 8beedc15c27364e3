package dev.agentserver.settings.run;

import static dev.agentserver.settings.db.Tables.REVOCATION_HEAD;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import dev.agentserver.settings.grant.Grant;
import dev.agentserver.settings.grant.GrantStore;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;

/// Finds the users of runs.
final class RunUserStore {
  private static final Field<Long> REVOCATION =
      field(select(REVOCATION_HEAD.LAST_POSITION).from(REVOCATION_HEAD));

  /// What a user may do, and the newest revocation at the same moment.
  record RunUser(Grant grant, long revocation) {}

  /// One statement: a right that is taken away meanwhile comes with a revocation that is not seen.
  Optional<RunUser> find(DSLContext db, UUID tenantId, UUID userId) {
    return db.select(USER_ACCOUNT.STATE, GrantStore.ROLES, GrantStore.OWN_PERMISSIONS, REVOCATION)
        .from(USER_ACCOUNT)
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.USER_ID.eq(userId))
        .fetchOptional(
            row ->
                new RunUser(
                    GrantStore.grant(row.value1(), row.value2(), row.value3()), row.value4()));
  }
}
