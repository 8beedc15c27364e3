package dev.agentserver.settings.grant;

import static dev.agentserver.settings.db.Tables.ROLE_PERMISSION;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static dev.agentserver.settings.db.Tables.USER_ROLE;
import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.select;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;

/// Reads what users' roles come to.
public final class GrantStore {
  private static final String ACTIVE = "ACTIVE";

  /// The names of the roles of the user of the row of USER_ACCOUNT at hand.
  public static final Field<String[]> ROLES =
      array(
          select(USER_ROLE.ROLE_NAME)
              .from(USER_ROLE)
              .where(USER_ROLE.TENANT_ID.eq(USER_ACCOUNT.TENANT_ID))
              .and(USER_ROLE.USER_ID.eq(USER_ACCOUNT.USER_ID))
              .orderBy(USER_ROLE.ROLE_NAME));

  /// The permissions of those of them that are the tenant's own.
  public static final Field<String[]> OWN_PERMISSIONS =
      array(
          select(ROLE_PERMISSION.PERMISSION)
              .from(ROLE_PERMISSION)
              .join(USER_ROLE)
              .on(USER_ROLE.TENANT_ID.eq(ROLE_PERMISSION.TENANT_ID))
              .and(USER_ROLE.ROLE_NAME.eq(ROLE_PERMISSION.ROLE_NAME))
              .where(USER_ROLE.TENANT_ID.eq(USER_ACCOUNT.TENANT_ID))
              .and(USER_ROLE.USER_ID.eq(USER_ACCOUNT.USER_ID)));

  /// What is in the fields above and in the state.
  public static Grant grant(String state, String[] roles, String[] ownPermissions) {
    return Grant.of(state.equals(ACTIVE), List.of(roles), List.of(ownPermissions));
  }

  /// By the user's id; who is not there is absent.
  Map<UUID, Grant> find(DSLContext db, UUID tenantId, Collection<UUID> users) {
    return db.select(USER_ACCOUNT.USER_ID, USER_ACCOUNT.STATE, ROLES, OWN_PERMISSIONS)
        .from(USER_ACCOUNT)
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.USER_ID.in(users))
        .fetchMap(row -> row.value1(), row -> grant(row.value2(), row.value3(), row.value4()));
  }
}
