package dev.agentserver.kit.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What every table of every service keeps to. A service's test calls [#check] on its migrated
/// schema.
public final class SchemaRules {
  /// The kit's tables that belong to no tenant.
  private static final Set<String> KIT_REFERENCE =
      Set.of(
          "audit_head",
          "outbox_head",
          "outbox_consumer",
          "outbox_cursor",
          "outbox_applied",
          "refusal_count");

  private static final String TABLES =
      """
      select c.oid, c.relname from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname not in ('schema_history', 'kit_schema_history')""";

  private static final String KEYS_THAT_DO_NOT_LEAD_WITH_TENANT =
      """
      with tables as (%1$s), keys as (
        select t.relname, k.conname as name, k.conkey[1] as first, t.oid from tables t
        join pg_constraint k on k.conrelid = t.oid and k.contype in ('p', 'u', 'f', 'x')
        left join pg_class r on r.oid = k.confrelid
        where r.relname is null or r.relname not in (%2$s)
        union
        select t.relname, i.indexrelid::regclass::text, i.indkey[0], t.oid from tables t
        join pg_index i on i.indrelid = t.oid and i.indisunique)
      select k.relname || '.' || k.name || ' does not lead with tenant_id' from keys k
      left join pg_attribute a on a.attrelid = k.oid and a.attnum = k.first
      where a.attname is distinct from 'tenant_id' and k.relname not in (%2$s)""";

  private static final String ODD_NAMES =
      """
      with tables as (%1$s)
      select t.relname || '.' || k.conname || ' is not named table_what_kind' from tables t
      join pg_constraint k on k.conrelid = t.oid and k.contype <> 'n'
      where k.conname !~ ('^' || t.relname || '_([a-z0-9_]+_)?'
        || case k.contype when 'p' then 'pk' when 'f' then 'fk' when 'u' then 'unique' when 'c' then 'check' else '[a-z]+' end || '$')
      union all
      select t.relname || '.' || i.indexrelid::regclass || ' is not named table_what_idx' from tables t
      join pg_index i on i.indrelid = t.oid
      where not exists (select from pg_constraint k where k.conindid = i.indexrelid)
        and i.indexrelid::regclass::text !~ ('^' || t.relname || '_[a-z0-9_]+_(idx|unique)$')
      union all
      select t.relname || '.' || a.attname || ' is not in lower case' from tables t
      join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      where a.attname !~ '^[a-z][a-z0-9_]*$' or t.relname !~ '^[a-z][a-z0-9_]*$'""";

  private static final String POOR_TABLES =
      """
      with tables as (%1$s)
      select t.relname || ' has no comment' from tables t where obj_description(t.oid, 'pg_class') is null
      union all
      select t.relname || ' has no primary key' from tables t
      where not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')
      union all
      select t.relname || '.' || a.attname || ' is ' || format_type(a.atttypid, a.atttypmod) from tables t
      join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      where format_type(a.atttypid, null)
        in ('character varying', 'character', 'timestamp without time zone', 'json', 'money', 'real')""";

  private SchemaRules() {}

  /// Asserts that every key leads with tenant_id, but for references to reference tables, that
  /// constraints and indexes are named, that every table has a comment and a primary key, that no
  /// column has a type we avoid, and that every migration has its undo twin.
  ///
  /// @param referenceTables the service's own tables that belong to no tenant
  public static void check(TestDatabase database, String... referenceTables) {
    var reference = new TreeSet<>(KIT_REFERENCE);
    reference.addAll(Set.of(referenceTables));
    var list = reference.stream().map(table -> "'" + table + "'").collect(Collectors.joining(", "));
    assertThat(database.rows(KEYS_THAT_DO_NOT_LEAD_WITH_TENANT.formatted(TABLES, list))).isEmpty();
    assertThat(database.rows(ODD_NAMES.formatted(TABLES))).isEmpty();
    assertThat(database.rows(POOR_TABLES.formatted(TABLES))).isEmpty();
    assertThat(
            database.rows(
                "select script from schema_history where type = 'SQL' and version is not null"))
        .allSatisfy(script -> assertTwin("db/migration/" + database.config().schema(), script));
    assertThat(
            database.rows(
                "select script from kit_schema_history where type = 'SQL' and version is not null"))
        .allSatisfy(script -> assertTwin("db/kit", script));
  }

  private static void assertTwin(String location, String script) {
    var twin = location + "/U" + script.substring(1);
    assertThat(SchemaRules.class.getClassLoader().getResource(twin)).as(twin).isNotNull();
  }
}
