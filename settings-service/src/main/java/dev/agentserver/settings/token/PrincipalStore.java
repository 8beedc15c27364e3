package dev.agentserver.settings.token;

import static dev.agentserver.settings.db.Tables.API_KEY;
import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static dev.agentserver.settings.db.Tables.REVOCATION_HEAD;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static dev.agentserver.settings.db.Tables.USER_ROLE;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.when;

import dev.agentserver.settings.grant.Grant;
import dev.agentserver.settings.grant.GrantStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/// Finds who a credential stands for. Each look-up is one statement, so that a principal, its
/// rights and the newest revocation are of one moment.
final class PrincipalStore {
  private static final Field<Long> REVOCATION =
      field(select(REVOCATION_HEAD.LAST_POSITION).from(REVOCATION_HEAD));

  /// A key and its user.
  ///
  /// @param previousHash the secret before a rotation, while it is still good
  /// @param usable whether it is neither revoked nor expired
  record KeyRow(
      UUID tenantId,
      UUID userId,
      byte[] hash,
      byte @Nullable [] previousHash,
      boolean usable,
      List<String> scopes,
      @Nullable Instant expiresAt,
      Grant grant,
      long revocation) {}

  Optional<KeyRow> byKey(DSLContext db, String keyId) {
    var now = currentOffsetDateTime();
    var previous = when(API_KEY.PREVIOUS_UNTIL.gt(now), API_KEY.PREVIOUS_HASH);
    var usable =
        field(
            API_KEY
                .REVOKED_AT
                .isNull()
                .and(API_KEY.EXPIRES_AT.isNull().or(API_KEY.EXPIRES_AT.gt(now))));
    return db.select(
            API_KEY.TENANT_ID,
            API_KEY.USER_ID,
            API_KEY.SECRET_HASH,
            previous,
            usable,
            API_KEY.SCOPES,
            API_KEY.EXPIRES_AT,
            USER_ACCOUNT.STATE,
            GrantStore.ROLES,
            GrantStore.OWN_PERMISSIONS,
            REVOCATION)
        .from(API_KEY)
        .join(USER_ACCOUNT)
        .on(USER_ACCOUNT.TENANT_ID.eq(API_KEY.TENANT_ID))
        .and(USER_ACCOUNT.USER_ID.eq(API_KEY.USER_ID))
        .where(API_KEY.KEY_ID.eq(keyId))
        .fetchOptional(
            row ->
                new KeyRow(
                    row.value1(),
                    row.value2(),
                    row.value3(),
                    row.value4(),
                    row.value5(),
                    List.of(row.value6()),
                    row.value7() == null ? null : row.value7().toInstant(),
                    GrantStore.grant(row.value8(), row.value9(), row.value10()),
                    row.value11()));
  }

  Optional<ExternalUser> byExternal(DSLContext db, UUID tenantId, String issuer, String subject) {
    return db.select(
            USER_ACCOUNT.USER_ID,
            USER_ACCOUNT.STATE,
            GrantStore.ROLES,
            GrantStore.OWN_PERMISSIONS,
            REVOCATION)
        .from(USER_ACCOUNT)
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.EXTERNAL_ISSUER.eq(issuer))
        .and(USER_ACCOUNT.EXTERNAL_SUBJECT.eq(subject))
        .fetchOptional(
            row ->
                new ExternalUser(
                    tenantId,
                    row.value1(),
                    GrantStore.grant(row.value2(), row.value3(), row.value4()),
                    row.value5()));
  }

  /// The tenant stays until the transaction ends.
  boolean hasTenant(DSLContext db, UUID tenantId) {
    return db.fetchExists(
        selectOne().from(ORGANIZATION).where(ORGANIZATION.TENANT_ID.eq(tenantId)).forKeyShare());
  }

  /// Adds a user who signs in elsewhere; false where there is one with this id or e-mail address.
  boolean insertExternal(
      DSLContext db,
      UUID tenantId,
      UUID userId,
      String issuer,
      String subject,
      @Nullable String email,
      String name) {
    var now = currentOffsetDateTime();
    return db.insertInto(USER_ACCOUNT)
            .set(USER_ACCOUNT.TENANT_ID, tenantId)
            .set(USER_ACCOUNT.USER_ID, userId)
            .set(USER_ACCOUNT.KIND, "HUMAN")
            .set(USER_ACCOUNT.EMAIL, email)
            .set(USER_ACCOUNT.NAME, name)
            .set(USER_ACCOUNT.STATE, "ACTIVE")
            .set(USER_ACCOUNT.EXTERNAL_ISSUER, issuer)
            .set(USER_ACCOUNT.EXTERNAL_SUBJECT, subject)
            .set(USER_ACCOUNT.VERSION, 1L)
            .set(USER_ACCOUNT.CREATED_AT, now)
            .set(USER_ACCOUNT.UPDATED_AT, now)
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  void insertRoles(DSLContext db, UUID tenantId, UUID userId, Collection<String> roles) {
    var insert =
        db.insertInto(USER_ROLE, USER_ROLE.TENANT_ID, USER_ROLE.USER_ID, USER_ROLE.ROLE_NAME);
    for (var role : roles) {
      insert = insert.values(tenantId, userId, role);
    }
    insert.execute();
  }
}
