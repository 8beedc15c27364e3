-- Two roles and a schema. The values come as settings of the transaction (provision.*). Run by an administrator, again and again.
do $$
declare
  schema_name      text := current_setting('provision.schema');
  owner_name       text := current_setting('provision.owner');
  owner_password   text := current_setting('provision.owner_password');
  runtime_name     text := current_setting('provision.runtime');
  runtime_password text := current_setting('provision.runtime_password');
  timeout_ms       text := current_setting('provision.statement_timeout');
  role_name        text;
begin
  -- Services that start together would otherwise meet on the same catalogue rows.
  perform pg_advisory_xact_lock(hashtextextended('agentserver.provision', 0));

  foreach role_name in array array[owner_name, runtime_name] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I', role_name);
    end if;
  end loop;
  execute format('alter role %I with login password %L', owner_name, owner_password);
  execute format('alter role %I with login password %L', runtime_name, runtime_password);

  execute format('create schema if not exists %I authorization %I', schema_name, owner_name);
  execute format('revoke all on schema %I from public', schema_name);
  execute format('grant usage on schema %I to %I', schema_name, runtime_name);
  execute 'revoke all on schema public from public';
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to %I, %I', current_database(), owner_name, runtime_name);
  execute format('alter default privileges for role %I revoke execute on functions from public', owner_name);

  -- So that a constraint can keep periods of the same thing apart. Its names are never looked up: it may lie anywhere.
  create extension if not exists btree_gist with schema public;

  -- Only for database_health(), which runs as the owner.
  execute format('grant pg_read_all_stats to %I', owner_name);

  foreach role_name in array array[owner_name, runtime_name] loop
    execute format('alter role %I in database %I set search_path = %I', role_name, current_database(), schema_name);
  end loop;
  execute format('alter role %I in database %I set statement_timeout = %L', runtime_name, current_database(), timeout_ms);
  -- A process that was stopped inside a transaction must not hold its locks for ever.
  execute format('alter role %I in database %I set idle_in_transaction_session_timeout = %L', runtime_name, current_database(), timeout_ms);
end $$;
