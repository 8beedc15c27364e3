package dev.agentserver.settings.role;

import static dev.agentserver.settings.db.Tables.ROLE;
import static dev.agentserver.settings.db.Tables.ROLE_PERMISSION;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static dev.agentserver.settings.db.Tables.USER_ROLE;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.impl.DSL;

/// The rows of tenants' own roles.
final class RoleStore {
  private static final Field<List<String>> PERMISSIONS =
      multiset(
              select(ROLE_PERMISSION.PERMISSION)
                  .from(ROLE_PERMISSION)
                  .where(ROLE_PERMISSION.TENANT_ID.eq(ROLE.TENANT_ID))
                  .and(ROLE_PERMISSION.ROLE_NAME.eq(ROLE.NAME))
                  .orderBy(ROLE_PERMISSION.PERMISSION))
          .convertFrom(found -> found.map(Record1::value1));

  private static final List<Field<?>> COLUMNS =
      List.of(
          ROLE.NAME, ROLE.DESCRIPTION, ROLE.VERSION, ROLE.CREATED_AT, ROLE.UPDATED_AT, PERMISSIONS);

  /// By name.
  ///
  /// @param after the name that the page before ended with; empty: from the start
  List<Role> list(DSLContext db, UUID tenantId, String after, int limit) {
    return db.select(COLUMNS)
        .from(ROLE)
        .where(ROLE.TENANT_ID.eq(tenantId))
        .and(ROLE.NAME.gt(after))
        .orderBy(ROLE.NAME)
        .limit(limit)
        .fetch(RoleStore::role);
  }

  /// The permissions that these roles have together.
  List<String> permissions(DSLContext db, UUID tenantId, Collection<String> names) {
    return db.selectDistinct(ROLE_PERMISSION.PERMISSION)
        .from(ROLE_PERMISSION)
        .where(ROLE_PERMISSION.TENANT_ID.eq(tenantId))
        .and(ROLE_PERMISSION.ROLE_NAME.in(names))
        .fetch(Record1::value1);
  }

  /// Those of the names that are roles; none of them can be deleted until the transaction ends.
  Set<String> share(DSLContext db, UUID tenantId, Collection<String> names) {
    return db.select(ROLE.NAME)
        .from(ROLE)
        .where(ROLE.TENANT_ID.eq(tenantId))
        .and(ROLE.NAME.in(names))
        .orderBy(ROLE.NAME)
        .forKeyShare()
        .fetchSet(Record1::value1);
  }

  /// Locked until the transaction ends.
  Optional<Role> lock(DSLContext db, UUID tenantId, String name) {
    var locked =
        db.select(ROLE.NAME)
            .from(ROLE)
            .where(ROLE.TENANT_ID.eq(tenantId))
            .and(ROLE.NAME.eq(name))
            .forNoKeyUpdate()
            .fetchOptional();
    // A statement of its own: one that locks reads the permissions before it has the lock.
    return locked.isEmpty() ? Optional.empty() : Optional.of(find(db, tenantId, name));
  }

  private static Role find(DSLContext db, UUID tenantId, String name) {
    return db.select(COLUMNS)
        .from(ROLE)
        .where(ROLE.TENANT_ID.eq(tenantId))
        .and(ROLE.NAME.eq(name))
        .fetchSingle(RoleStore::role);
  }

  Role insert(DSLContext db, UUID tenantId, RoleDraft draft) {
    db.insertInto(ROLE)
        .set(ROLE.TENANT_ID, tenantId)
        .set(ROLE.NAME, draft.name())
        .set(ROLE.DESCRIPTION, draft.description())
        .set(ROLE.VERSION, 1L)
        .set(ROLE.CREATED_AT, clock())
        .set(ROLE.UPDATED_AT, clock())
        .execute();
    grant(db, tenantId, draft);
    return find(db, tenantId, draft.name());
  }

  Role replace(DSLContext db, UUID tenantId, RoleDraft draft) {
    db.update(ROLE)
        .set(ROLE.DESCRIPTION, draft.description())
        .set(ROLE.VERSION, ROLE.VERSION.plus(1))
        .set(ROLE.UPDATED_AT, clock())
        .where(ROLE.TENANT_ID.eq(tenantId))
        .and(ROLE.NAME.eq(draft.name()))
        .execute();
    db.deleteFrom(ROLE_PERMISSION)
        .where(ROLE_PERMISSION.TENANT_ID.eq(tenantId))
        .and(ROLE_PERMISSION.ROLE_NAME.eq(draft.name()))
        .execute();
    grant(db, tenantId, draft);
    return find(db, tenantId, draft.name());
  }

  /// Deletes the role and takes it from its holders, whose etags change with it.
  void delete(DSLContext db, UUID tenantId, String name) {
    db.deleteFrom(ROLE).where(ROLE.TENANT_ID.eq(tenantId)).and(ROLE.NAME.eq(name)).execute();
    var holders =
        select(USER_ROLE.USER_ID)
            .from(USER_ROLE)
            .where(USER_ROLE.TENANT_ID.eq(tenantId))
            .and(USER_ROLE.ROLE_NAME.eq(name));
    db.update(USER_ACCOUNT)
        .set(USER_ACCOUNT.VERSION, USER_ACCOUNT.VERSION.plus(1))
        .set(USER_ACCOUNT.UPDATED_AT, clock())
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.USER_ID.in(holders))
        .execute();
    db.deleteFrom(USER_ROLE)
        .where(USER_ROLE.TENANT_ID.eq(tenantId))
        .and(USER_ROLE.ROLE_NAME.eq(name))
        .execute();
  }

  private static void grant(DSLContext db, UUID tenantId, RoleDraft draft) {
    if (draft.permissions().isEmpty()) {
      return;
    }
    var table = ROLE_PERMISSION;
    db.insertInto(table, table.TENANT_ID, table.ROLE_NAME, table.PERMISSION)
        .valuesOfRows(
            draft.permissions().stream()
                .map(permission -> row(tenantId, draft.name(), permission))
                .toList())
        .execute();
  }

  private static Role role(Record found) {
    return new Role(
        found.get(ROLE.NAME),
        found.get(ROLE.DESCRIPTION),
        found.get(PERMISSIONS).stream().sorted().toList(),
        false,
        found.get(ROLE.VERSION),
        found.get(ROLE.CREATED_AT).toInstant(),
        found.get(ROLE.UPDATED_AT).toInstant());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
