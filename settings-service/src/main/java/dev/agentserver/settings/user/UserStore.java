package dev.agentserver.settings.user;

import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static dev.agentserver.settings.db.Tables.USER_ROLE;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.lower;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.agentserver.settings.user.User.Attributes;
import dev.agentserver.settings.user.User.External;
import dev.agentserver.settings.user.User.Kind;
import dev.agentserver.settings.user.User.State;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of users.
public final class UserStore {
  private static final Field<List<String>> ROLES =
      multiset(
              select(USER_ROLE.ROLE_NAME)
                  .from(USER_ROLE)
                  .where(USER_ROLE.TENANT_ID.eq(USER_ACCOUNT.TENANT_ID))
                  .and(USER_ROLE.USER_ID.eq(USER_ACCOUNT.USER_ID))
                  .orderBy(USER_ROLE.ROLE_NAME))
          .convertFrom(found -> found.map(Record1::value1));

  /// What [#user] reads.
  public static final List<Field<?>> COLUMNS =
      List.of(
          USER_ACCOUNT.USER_ID,
          USER_ACCOUNT.KIND,
          USER_ACCOUNT.EMAIL,
          USER_ACCOUNT.NAME,
          USER_ACCOUNT.STATE,
          USER_ACCOUNT.EXTERNAL_ISSUER,
          USER_ACCOUNT.EXTERNAL_SUBJECT,
          USER_ACCOUNT.LAST_LOGIN_AT,
          USER_ACCOUNT.VERSION,
          USER_ACCOUNT.CREATED_AT,
          USER_ACCOUNT.UPDATED_AT,
          ROLES);

  /// The sort key of a row: what a page token holds.
  record Position(Instant createdAt, UUID id) {}

  Optional<User> find(DSLContext db, UUID tenantId, UUID id) {
    return db.select(COLUMNS)
        .from(USER_ACCOUNT)
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.USER_ID.eq(id))
        .fetchOptional(UserStore::user);
  }

  /// Locked until the transaction ends.
  Optional<User> lock(DSLContext db, UUID tenantId, UUID id) {
    var there =
        db.fetchExists(
            selectOne()
                .from(USER_ACCOUNT)
                .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
                .and(USER_ACCOUNT.USER_ID.eq(id))
                .forNoKeyUpdate());
    // A statement of its own: one that locks reads the roles before it has the lock.
    return there ? find(db, tenantId, id) : Optional.empty();
  }

  List<User> list(
      DSLContext db, UUID tenantId, UserFilter filter, @Nullable Position after, int limit) {
    return db.select(COLUMNS)
        .from(USER_ACCOUNT)
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(filter.role() == null ? noCondition() : holds(filter.role()))
        .and(filter.email() == null ? noCondition() : addressed(filter.email()))
        .and(after == null ? noCondition() : beyond(after))
        .orderBy(USER_ACCOUNT.CREATED_AT, USER_ACCOUNT.USER_ID)
        .limit(limit)
        .fetch(UserStore::user);
  }

  /// Whether somebody else, who is active, has the role.
  boolean othersHold(DSLContext db, UUID tenantId, String role, UUID notThis) {
    return db.fetchExists(
        selectOne()
            .from(USER_ACCOUNT)
            .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
            .and(USER_ACCOUNT.STATE.eq(State.ACTIVE.name()))
            .and(USER_ACCOUNT.USER_ID.ne(notThis))
            .and(holds(role)));
  }

  void insert(DSLContext db, UUID tenantId, UUID id, NewUser draft) {
    var attributes = draft.attributes();
    db.insertInto(USER_ACCOUNT)
        .set(USER_ACCOUNT.TENANT_ID, tenantId)
        .set(USER_ACCOUNT.USER_ID, id)
        .set(USER_ACCOUNT.KIND, draft.kind().name())
        .set(USER_ACCOUNT.EMAIL, attributes.email())
        .set(USER_ACCOUNT.NAME, attributes.name())
        .set(USER_ACCOUNT.STATE, attributes.state().name())
        .set(USER_ACCOUNT.VERSION, 1L)
        .set(USER_ACCOUNT.CREATED_AT, clock())
        .set(USER_ACCOUNT.UPDATED_AT, clock())
        .execute();
    give(db, tenantId, id, attributes.roles());
  }

  void update(DSLContext db, UUID tenantId, User user, Attributes changed) {
    db.update(USER_ACCOUNT)
        .set(USER_ACCOUNT.EMAIL, changed.email())
        .set(USER_ACCOUNT.NAME, changed.name())
        .set(USER_ACCOUNT.STATE, changed.state().name())
        .set(USER_ACCOUNT.VERSION, USER_ACCOUNT.VERSION.plus(1))
        .set(USER_ACCOUNT.UPDATED_AT, clock())
        .where(USER_ACCOUNT.TENANT_ID.eq(tenantId))
        .and(USER_ACCOUNT.USER_ID.eq(user.id()))
        .execute();
    if (!changed.roles().equals(user.attributes().roles())) {
      db.deleteFrom(USER_ROLE)
          .where(USER_ROLE.TENANT_ID.eq(tenantId))
          .and(USER_ROLE.USER_ID.eq(user.id()))
          .execute();
      give(db, tenantId, user.id(), changed.roles());
    }
  }

  private static void give(DSLContext db, UUID tenantId, UUID id, List<String> roles) {
    if (!roles.isEmpty()) {
      db.insertInto(USER_ROLE, USER_ROLE.TENANT_ID, USER_ROLE.USER_ID, USER_ROLE.ROLE_NAME)
          .valuesOfRows(roles.stream().map(role -> row(tenantId, id, role)).toList())
          .execute();
    }
  }

  private static Condition holds(String role) {
    return exists(
        selectOne()
            .from(USER_ROLE)
            .where(USER_ROLE.TENANT_ID.eq(USER_ACCOUNT.TENANT_ID))
            .and(USER_ROLE.USER_ID.eq(USER_ACCOUNT.USER_ID))
            .and(USER_ROLE.ROLE_NAME.eq(role)));
  }

  private static Condition addressed(String email) {
    return lower(USER_ACCOUNT.EMAIL).eq(lower(val(email)));
  }

  private static Condition beyond(Position after) {
    return row(USER_ACCOUNT.CREATED_AT, USER_ACCOUNT.USER_ID)
        .gt(row(val(after.createdAt().atOffset(ZoneOffset.UTC)), val(after.id())));
  }

  /// The user of a row with the columns above.
  public static User user(Record found) {
    var issuer = found.get(USER_ACCOUNT.EXTERNAL_ISSUER);
    var login = found.get(USER_ACCOUNT.LAST_LOGIN_AT);
    return new User(
        found.get(USER_ACCOUNT.USER_ID),
        Kind.valueOf(found.get(USER_ACCOUNT.KIND)),
        new Attributes(
            found.get(USER_ACCOUNT.EMAIL),
            found.get(USER_ACCOUNT.NAME),
            found.get(ROLES).stream().sorted().toList(),
            State.valueOf(found.get(USER_ACCOUNT.STATE))),
        issuer == null ? null : new External(issuer, found.get(USER_ACCOUNT.EXTERNAL_SUBJECT)),
        login == null ? null : login.toInstant(),
        found.get(USER_ACCOUNT.VERSION),
        found.get(USER_ACCOUNT.CREATED_AT).toInstant(),
        found.get(USER_ACCOUNT.UPDATED_AT).toInstant());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
