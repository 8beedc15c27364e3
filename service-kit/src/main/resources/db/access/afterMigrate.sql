-- What the runtime role may do, said again after every migration, because migrations bring new tables.
grant usage on schema "${flyway:defaultSchema}" to "${runtime}";
grant select, insert, update, delete on all tables in schema "${flyway:defaultSchema}" to "${runtime}";
revoke update, delete on audit_entry from "${runtime}";
revoke insert, update, delete on audit_head, kit_schema_history from "${runtime}";
revoke insert, update, delete on "${flyway:table}" from "${runtime}";
grant usage on all sequences in schema "${flyway:defaultSchema}" to "${runtime}";
revoke execute on all functions in schema "${flyway:defaultSchema}" from public;
grant execute on all functions in schema "${flyway:defaultSchema}" to "${runtime}";
-- A table whose comment begins with "Append-only" is added to and read. Its rows go with the rows they belong to, by its owner's right.
do $$
declare
  kept name;
begin
  for kept in
    select relname from pg_catalog.pg_class
    where relnamespace = '"${flyway:defaultSchema}"'::regnamespace and relkind in ('r', 'p')
      and obj_description(oid, 'pg_class') like 'Append-only%'
  loop
    execute format('revoke update, delete on "${flyway:defaultSchema}".%I from "${runtime}"', kept);
  end loop;
end
$$;
-- The readers of reports, where there are any, may read views that were made anew.
do $$
declare
  view_name name;
begin
  if exists (select from pg_catalog.pg_roles where rolname = '${flyway:defaultSchema}_bi') then
    for view_name in
      select relname from pg_catalog.pg_class
      where relnamespace = '"${flyway:defaultSchema}"'::regnamespace and relkind = 'v' and relname like 'bi\_%'
    loop
      execute format('grant select on "${flyway:defaultSchema}".%I to "${flyway:defaultSchema}_bi"', view_name);
    end loop;
  end if;
end
$$;
