package dev.agentserver.kit.db;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;

/// A table in which Flyway notes what it applied.
record SchemaHistory(Table<?> table) {
  private static final Field<Integer> RANK = field(name("installed_rank"), Integer.class);
  private static final Field<String> VERSION = field(name("version"), String.class);
  private static final Field<String> SCRIPT = field(name("script"), String.class);
  private static final Field<String> TYPE = field(name("type"), String.class);
  private static final Field<Boolean> SUCCESS = field(name("success"), Boolean.class);

  /// A migration that was applied.
  record Applied(int rank, String version, String script) {}

  static SchemaHistory of(String tableName) {
    return new SchemaHistory(DSL.table(name(tableName)));
  }

  Optional<Applied> newest(DSLContext db) {
    return db.select(RANK, VERSION, SCRIPT)
        .from(table)
        .where(TYPE.eq("SQL"))
        .and(VERSION.isNotNull())
        .and(SUCCESS)
        .orderBy(RANK.desc())
        .limit(1)
        .fetchOptional(row -> new Applied(row.value1(), row.value2(), row.value3()));
  }

  /// Forgets a migration, and those that are said again after each: they must be said again now.
  ///
  /// @return whether it was still there
  boolean forget(DSLContext db, Applied applied) {
    db.deleteFrom(table).where(TYPE.eq("SQL")).and(VERSION.isNull()).execute();
    return db.deleteFrom(table).where(RANK.eq(applied.rank())).execute() == 1;
  }
}
