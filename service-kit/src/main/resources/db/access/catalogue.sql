-- The catalogue of the current schema, a line each thing, in an order that does not depend on when it was made. Histories are left out:
-- they are about the path, not the state. So are partitions, which come and go by themselves, and not-null constraints, which the
-- columns show and which PostgreSQL names by itself.
with relation as (
  select c.oid, c.relname, c.relkind, c.reloptions
  from pg_catalog.pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and not c.relispartition
    and c.relname not in ('schema_history', 'kit_schema_history')
), line (text) as (
  select 'relation ' || relname || ' ' || relkind::text || coalesce(' ' || array_to_string(reloptions, ','), '')
    || coalesce(' -- ' || obj_description(oid, 'pg_class'), '')
  from relation
  union all
  select 'view ' || relname || ' ' || pg_get_viewdef(oid) from relation where relkind in ('v', 'm')
  union all
  select 'column ' || r.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || case a.attidentity when '' then '' else ' identity ' || a.attidentity::text end
    || case when d.adbin is null then ''
         else case a.attgenerated when '' then ' default ' else ' generated ' end || pg_get_expr(d.adbin, d.adrelid) end
    || case when a.attcollation in (0, t.typcollation) then ''
         else ' collate ' || (select collname from pg_catalog.pg_collation where oid = a.attcollation) end
    || coalesce(' -- ' || col_description(r.oid, a.attnum), '')
  from relation r
  join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
  where r.relkind <> 'S'
  union all
  select 'constraint ' || r.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid) || case when k.convalidated then '' else ' not valid' end
  from relation r join pg_catalog.pg_constraint k on k.conrelid = r.oid and k.contype <> 'n'
  union all
  select 'index ' || r.relname || '.' || c.relname || ' ' || substring(pg_get_indexdef(i.indexrelid) from ' USING .*$')
    || case when i.indisunique then ' unique' else '' end || case when i.indisvalid then '' else ' invalid' end
  from relation r join pg_catalog.pg_index i on i.indrelid = r.oid join pg_catalog.pg_class c on c.oid = i.indexrelid
  where not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.conrelid = r.oid)
  union all
  select 'trigger ' || r.relname || '.' || t.tgname || ' ' || pg_get_triggerdef(t.oid, true) || ' ' || t.tgenabled::text
  from relation r join pg_catalog.pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
  union all
  select 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') returns ' || pg_get_function_result(p.oid)
    || case when p.prosecdef then ' security definer' else '' end || ' ' || p.provolatile::text
    || coalesce(' ' || array_to_string(p.proconfig, ','), '') || ' md5 ' || md5(p.prosrc)
  from pg_catalog.pg_proc p where p.pronamespace = current_schema()::regnamespace
  union all
  select 'type ' || t.typname || ' ' || t.typtype::text || coalesce(' ' || format_type(t.typbasetype, t.typtypmod), '')
    || coalesce(' ' || (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid), '')
  from pg_catalog.pg_type t where t.typnamespace = current_schema()::regnamespace and t.typtype in ('e', 'd', 'r')
  union all
  -- What the role that serves may do: rights drift too.
  select 'right ' || relname || ' ' || string_agg(privilege, ',' order by privilege)
  from relation cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege
  where relkind <> 'S' and has_table_privilege(oid, privilege)
  group by relname
)
select replace(text, quote_ident(current_schema()) || '.', '') from line
