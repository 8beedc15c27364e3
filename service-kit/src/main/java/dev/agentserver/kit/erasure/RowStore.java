package dev.agentserver.kit.erasure;

import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.kit.db.tables.DefaultSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Schema;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/// The rows of tenants and users, in whatever tables there are: those of the kit and those of the
/// service. A table that is added later is covered by itself.
public final class RowStore {
  /// What is said of an erasure outlives it: the order, and the audit trail, which holds ids and
  /// salted hashes for this reason.
  private static final Set<String> KEPT = Set.of("audit_entry", "erasure_task", "erasure_tally");

  /// The names of columns that hold a user's id.
  private static final Set<String> USER =
      Set.of("user_id", "owner_id", "author_id", "principal_id", "actor_id", "requested_by");

  private static final String TENANT = "tenant_id";
  private static final int PAGE = 10_000;

  private final List<Table<?>> tables;

  /// @param schema the service's own tables
  /// @param kept the names of those whose rows stay
  public RowStore(Schema schema, Collection<String> kept) {
    var all =
        Stream.concat(
                DefaultSchema.DEFAULT_SCHEMA.getTables().stream(), schema.getTables().stream())
            .filter(table -> table.getPrimaryKey() != null && table.field(TENANT) != null)
            .filter(table -> !KEPT.contains(table.getName()) && !kept.contains(table.getName()))
            .<Table<?>>map(table -> table)
            .toList();
    this.tables = referringFirst(all);
  }

  /// A row that is removed before those it refers to takes no others along.
  private static List<Table<?>> referringFirst(List<Table<?>> all) {
    var left = new LinkedHashSet<>(all);
    var sorted = new ArrayList<Table<?>>();
    while (!left.isEmpty()) {
      var free =
          left.stream()
              .filter(table -> left.stream().noneMatch(other -> refers(other, table)))
              .toList();
      if (free.isEmpty()) {
        throw new IllegalStateException("tables refer to each other in a circle: " + left);
      }
      sorted.addAll(free);
      free.forEach(left::remove);
    }
    return List.copyOf(sorted);
  }

  private static boolean refers(Table<?> from, Table<?> to) {
    return !from.equals(to)
        && from.getReferences().stream().anyMatch(key -> key.getKey().getTable().equals(to));
  }

  /// The tables that are looked through.
  public List<Table<?>> tables() {
    return tables;
  }

  /// The columns of a table that name users.
  public List<Field<UUID>> users(Table<?> table) {
    return columns(table);
  }

  /// Removes rows of the tenant: at most `limit`, of the first table that has any. Returns whether
  /// there were any.
  public boolean removeTenant(DSLContext db, UUID tenantId, int limit, Tally tally) {
    return tables.stream()
        .anyMatch(
            table ->
                tally.removed(table, remove(db, table, tenant(table).eq(tenantId), limit)) > 0);
  }

  /// Removes up to `limit` rows of a table that name the user. Returns whether there were any.
  public boolean removeUser(
      DSLContext db, Table<?> table, UUID tenantId, UUID userId, int limit, Tally tally) {
    var columns = columns(table);
    if (columns.isEmpty()) {
      return false;
    }
    var which = tenant(table).eq(tenantId).and(named(columns, userId));
    return tally.removed(table, remove(db, table, which, limit)) > 0;
  }

  private static int remove(DSLContext db, Table<?> table, Condition which, int limit) {
    var key = key(table);
    return db.deleteFrom(table)
        .where(row(key).in(select(key).from(table).where(which).limit(limit)))
        .execute();
  }

  /// How many rows of a table are left, of the user, or of the tenant where there is none; it stops
  /// to count at some thousands. It takes several statements, each of a bounded part.
  public long remaining(DSLContext db, Table<?> table, UUID tenantId, @Nullable UUID userId) {
    var tenant = tenant(table).eq(tenantId);
    if (userId == null) {
      return count(db, table, tenant);
    }
    var columns = columns(table);
    if (columns.isEmpty()) {
      return 0;
    }
    var named = named(columns, userId);
    return columns.size() == 1 && isSecondOfKey(table, columns.getFirst())
        ? count(db, table, tenant.and(named))
        : walk(db, table, tenant, named);
  }

  private static long count(DSLContext db, Table<?> table, Condition which) {
    return db.fetchCount(selectOne().from(table).where(which).limit(PAGE));
  }

  /// Without an index on the column the tenant's rows are gone through in the order of their keys.
  private static long walk(DSLContext db, Table<?> table, Condition tenant, Condition named) {
    var key = key(table);
    var found = 0L;
    Record from = null;
    while (true) {
      var after = from == null ? noCondition() : row(key).gt(row(from.intoArray()));
      var to =
          db.select(key)
              .from(table)
              .where(tenant.and(after))
              .orderBy(key)
              .offset(PAGE - 1)
              .limit(1)
              .fetchOne();
      var until = to == null ? noCondition() : row(key).le(row(to.intoArray()));
      found += db.fetchCount(table, tenant.and(after).and(until).and(named));
      if (to == null) {
        return found;
      }
      from = to;
    }
  }

  private static boolean isSecondOfKey(Table<?> table, Field<UUID> column) {
    var key = key(table);
    return key.size() > 1
        && key.get(0).getName().equals(TENANT)
        && key.get(1).getName().equals(column.getName());
  }

  private static Condition named(List<Field<UUID>> columns, UUID userId) {
    return columns.stream()
        .map(column -> column.eq(userId))
        .reduce(falseCondition(), Condition::or);
  }

  private static List<Field<UUID>> columns(Table<?> table) {
    return Stream.of(table.fields())
        .filter(field -> USER.contains(field.getName()) && field.getType() == UUID.class)
        .map(field -> table.field(field.getName(), UUID.class))
        .toList();
  }

  private static List<Field<?>> key(Table<?> table) {
    return Objects.requireNonNull(table.getPrimaryKey()).getFields().stream()
        .<Field<?>>map(field -> field)
        .toList();
  }

  private static Field<UUID> tenant(Table<?> table) {
    return Objects.requireNonNull(table.field(TENANT, UUID.class));
  }
}
