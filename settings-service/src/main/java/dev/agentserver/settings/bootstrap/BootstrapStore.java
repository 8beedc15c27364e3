package dev.agentserver.settings.bootstrap;

import static dev.agentserver.settings.db.Tables.API_KEY;
import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static dev.agentserver.settings.db.Tables.USER_ROLE;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.row;

import dev.agentserver.kit.identity.BuiltInRoles;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// The rows that there must be first.
final class BootstrapStore {
  /// Any number that no other lock of the schema has.
  private static final long LOCK = 0x424f_4f54_5354L;

  /// Lets one process at a time begin, until the transaction ends.
  void lock(DSLContext db) {
    db.select(DSL.function("pg_advisory_xact_lock", SQLDataType.CLOB, DSL.inline(LOCK))).fetch();
  }

  boolean isOwned(DSLContext db) {
    return db.fetchExists(USER_ROLE, USER_ROLE.ROLE_NAME.eq(BuiltInRoles.TENANT_OWNER));
  }

  Optional<UUID> platform(DSLContext db) {
    return db.select(ORGANIZATION.TENANT_ID)
        .from(ORGANIZATION)
        .where(ORGANIZATION.PLATFORM)
        .fetchOptional(ORGANIZATION.TENANT_ID);
  }

  void tenant(DSLContext db, UUID tenantId, String name, boolean platform) {
    var now = currentOffsetDateTime();
    db.insertInto(ORGANIZATION)
        .set(ORGANIZATION.TENANT_ID, tenantId)
        .set(ORGANIZATION.NAME, name)
        .set(ORGANIZATION.PLATFORM, platform)
        .set(ORGANIZATION.VERSION, 1L)
        .set(ORGANIZATION.CREATED_AT, now)
        .set(ORGANIZATION.UPDATED_AT, now)
        .onConflictDoNothing()
        .execute();
  }

  /// Adds the user with the roles, or leaves the one there is as it is.
  void user(
      DSLContext db,
      UUID tenantId,
      UUID userId,
      String name,
      @Nullable String email,
      Collection<String> roles) {
    var now = currentOffsetDateTime();
    var added =
        db.insertInto(USER_ACCOUNT)
            .set(USER_ACCOUNT.TENANT_ID, tenantId)
            .set(USER_ACCOUNT.USER_ID, userId)
            .set(USER_ACCOUNT.KIND, "HUMAN")
            .set(USER_ACCOUNT.NAME, name)
            .set(USER_ACCOUNT.EMAIL, email)
            .set(USER_ACCOUNT.STATE, "ACTIVE")
            .set(USER_ACCOUNT.VERSION, 1L)
            .set(USER_ACCOUNT.CREATED_AT, now)
            .set(USER_ACCOUNT.UPDATED_AT, now)
            .onConflictDoNothing()
            .execute();
    if (added == 1) {
      db.insertInto(USER_ROLE, USER_ROLE.TENANT_ID, USER_ROLE.USER_ID, USER_ROLE.ROLE_NAME)
          .valuesOfRows(roles.stream().map(role -> row(tenantId, userId, role)).toList())
          .execute();
    }
  }

  /// Adds the key; where it is there, its hash is made anew, as after a change of the pepper.
  void key(
      DSLContext db,
      UUID tenantId,
      UUID userId,
      String keyId,
      String name,
      byte[] hash,
      String lastFour) {
    db.insertInto(API_KEY)
        .set(API_KEY.TENANT_ID, tenantId)
        .set(API_KEY.KEY_ID, keyId)
        .set(API_KEY.USER_ID, userId)
        .set(API_KEY.NAME, name)
        .set(API_KEY.SECRET_HASH, hash)
        .set(API_KEY.SCOPES, new String[0])
        .set(API_KEY.LAST_FOUR, lastFour)
        .set(API_KEY.CREATED_AT, currentOffsetDateTime())
        .onConflict(API_KEY.TENANT_ID, API_KEY.KEY_ID)
        .doUpdate()
        .set(API_KEY.SECRET_HASH, hash)
        .execute();
  }
}
