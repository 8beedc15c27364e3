-- A role that reads one more tenant through the bi_ views. The values come as settings of the transaction (reader.*). Run by an
-- administrator, again and again.
do $$
declare
  schema_name   text := current_setting('reader.schema');
  readers       text := current_setting('reader.schema') || '_bi';
  reader_name   text := current_setting('reader.name');
  view_name     name;
begin
  -- As provisioning does: those who meet would meet on the same catalogue rows.
  perform pg_advisory_xact_lock(hashtextextended('agentserver.provision', 0));

  if not exists (select from pg_roles where rolname = readers) then
    execute format('create role %I nologin', readers);
  end if;
  execute format('grant usage on schema %I to %I', schema_name, readers);
  execute format('grant connect on database %I to %I', current_database(), readers);
  for view_name in
    select relname from pg_class where relnamespace = quote_ident(schema_name)::regnamespace and relkind = 'v' and relname like 'bi\_%'
  loop
    execute format('grant select on %I.%I to %I', schema_name, view_name, readers);
  end loop;

  if not exists (select from pg_roles where rolname = reader_name) then
    execute format('create role %I', reader_name);
    execute format('grant %I to %I', readers, reader_name);
  elsif not pg_has_role(reader_name, readers, 'member')
      or (select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls from pg_roles where rolname = reader_name) then
    raise exception 'the role % is there and is no reader', reader_name;
  end if;
  execute format('alter role %I with login password %L', reader_name, current_setting('reader.password'));
  execute format('alter role %I in database %I set search_path = %I', reader_name, current_database(), schema_name);
  -- So that a slow report holds nobody up for long.
  execute format('alter role %I in database %I set statement_timeout = %L', reader_name, current_database(), '60s');
  execute format('alter role %I in database %I set default_transaction_read_only = on', reader_name, current_database());
  execute format('alter role %I connection limit 8', reader_name);
  execute format('insert into %I.bi_reader (tenant_id, role_name) values (%L, %L) on conflict do nothing', schema_name,
    current_setting('reader.tenant'), reader_name);
end $$;
