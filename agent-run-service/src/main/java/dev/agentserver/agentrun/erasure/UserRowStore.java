package dev.agentserver.agentrun.erasure;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.kit.erasure.RowStore;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.ForeignKey;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.QOM.ForeignKeyRule;
import org.jspecify.annotations.Nullable;

/// The rows that go with a user, in whatever tables there are.
///
/// A row goes that names the user, and one that belongs to such a row: whose foreign key cascades.
/// One that others refer to by a key that does not cascade is held, and so is all that belongs to
/// it; a column that may be empty then names nobody.
final class UserRowStore {
  private static final String TENANT = "tenant_id";
  private static final String DELETED = "deleted_at";
  private static final String OWNER = "owner_id";

  private final RowStore rows;
  private volatile @Nullable Set<String> empties;

  UserRowStore(RowStore rows) {
    this.rows = rows;
  }

  /// Removes up to `limit` rows of a table, and returns how many there were.
  int remove(DSLContext db, Table<?> table, UUID tenantId, UUID userId, int limit) {
    var going = going(table, tenantId, userId, empties(db));
    var key = key(table);
    return going
        .map(
            which ->
                db.deleteFrom(table)
                    .where(row(key).in(select(key).from(table).where(which).limit(limit)))
                    .execute())
        .orElse(0);
  }

  /// Has up to `limit` rows that stay name nobody, and returns how many there were.
  int forget(DSLContext db, Table<?> table, UUID tenantId, UUID userId, int limit) {
    for (var column : rows.users(table)) {
      if (empties(db).contains(name(table, column))) {
        var changed = forget(db, table, column, tenantId, userId, limit);
        if (changed > 0) {
          return changed;
        }
      }
    }
    return 0;
  }

  private static int forget(
      DSLContext db, Table<?> table, Field<UUID> column, UUID tenantId, UUID userId, int limit) {
    var key = key(table);
    var values = new HashMap<Field<?>, Object>();
    values.put(column, DSL.castNull(column));
    var deleted = table.field(DELETED, OffsetDateTime.class);
    if (deleted != null && column.getName().equals(OWNER)) {
      var now = DSL.function("clock_timestamp", OffsetDateTime.class);
      values.put(deleted, DSL.coalesce(deleted, now));
    }
    var which = tenant(table).eq(tenantId).and(column.eq(userId));
    return db.update(table)
        .set(values)
        .where(row(key).in(select(key).from(table).where(which).limit(limit)))
        .execute();
  }

  /// The rows that go; empty where none of the table ever does.
  private Optional<Condition> going(
      Table<?> table, UUID tenantId, UUID userId, Set<String> empties) {
    var reasons = new ArrayList<Condition>();
    for (var column : rows.users(table)) {
      // Who wrote a part of something, or answered, is no reason for it to go.
      if (!empties.contains(name(table, column)) || column.getName().equals(OWNER)) {
        reasons.add(column.eq(userId));
      }
    }
    for (var parent : table.getReferences()) {
      var above = parent.getKey().getTable();
      if (cascades(parent) && !above.equals(table)) {
        going(above, tenantId, userId, empties)
            .ifPresent(
                which ->
                    reasons.add(
                        row(fields(parent.getFields()))
                            .in(select(fields(parent.getKeyFields())).from(above).where(which))));
      }
    }
    return reasons.stream()
        .reduce(Condition::or)
        .map(named -> tenant(table).eq(tenantId).and(named))
        .map(which -> held(table).map(held -> which.andNot(held)).orElse(which));
  }

  /// Whether somebody refers to a row, or to one that belongs to it, who does not go with it; empty
  /// where nobody can.
  private static Optional<Condition> held(Table<?> table) {
    var reasons = new ArrayList<Condition>();
    for (var key : table.getKeys()) {
      for (var reference : key.getReferences()) {
        var child = reference.getTable();
        if (!child.equals(table)) {
          var refers = row(fields(reference.getFields())).eq(row(fields(reference.getKeyFields())));
          if (keeps(reference)) {
            reasons.add(exists(selectOne().from(child).where(refers)));
          } else if (cascades(reference)) {
            held(child)
                .ifPresent(
                    held -> reasons.add(exists(selectOne().from(child).where(refers).and(held))));
          }
        }
      }
    }
    return reasons.stream().reduce(Condition::or);
  }

  /// The columns that may be empty; the generated tables do not know it.
  private Set<String> empties(DSLContext db) {
    if (empties == null) {
      var schema = DSL.field(DSL.name("nspname"), String.class);
      empties =
          db.select(
                  DSL.field(DSL.name("relname"), String.class)
                      .concat(".")
                      .concat(DSL.field(DSL.name("attname"), String.class)))
              .from(DSL.table(DSL.name("pg_class")).as("c"))
              .join(DSL.table(DSL.name("pg_namespace")).as("n"))
              .on(oid("n").eq(DSL.field(DSL.name("relnamespace"), Long.class)))
              .join(DSL.table(DSL.name("pg_attribute")))
              .on(oid("c").eq(DSL.field(DSL.name("attrelid"), Long.class)))
              .where(schema.eq(DSL.function("current_schema", String.class)))
              .and(DSL.not(DSL.field(DSL.name("attnotnull"), Boolean.class)))
              .and(DSL.field(DSL.name("attnum"), Short.class).gt((short) 0))
              .fetchSet(0, String.class);
    }
    return empties;
  }

  private static Field<Long> oid(String table) {
    return DSL.field(DSL.name(table, "oid"), Long.class);
  }

  private static String name(Table<?> table, Field<UUID> column) {
    return table.getName() + "." + column.getName();
  }

  private static boolean cascades(ForeignKey<?, ?> key) {
    return key.getDeleteRule() == ForeignKeyRule.CASCADE;
  }

  private static boolean keeps(ForeignKey<?, ?> key) {
    var rule = key.getDeleteRule();
    return rule == null || rule == ForeignKeyRule.NO_ACTION || rule == ForeignKeyRule.RESTRICT;
  }

  private static List<Field<?>> fields(List<? extends Field<?>> fields) {
    return List.copyOf(fields);
  }

  private static List<Field<?>> key(Table<?> table) {
    return fields(Objects.requireNonNull(table.getPrimaryKey()).getFields());
  }

  private static Field<UUID> tenant(Table<?> table) {
    return Objects.requireNonNull(table.field(TENANT, UUID.class));
  }
}
