-- What AdminService tells of the database. As the owner, because PostgreSQL shows a role only its own sessions; provisioning gives the
-- owner pg_read_all_stats. Without it the numbers are those of the owner's own sessions.
create function database_health() returns table (
  long_transactions int, dead_tuples bigint, replication_lag_seconds double precision, unsequenced int)
language sql stable security definer set search_path = ${flyway:defaultSchema}, pg_temp as $$
  select
    (select count(*)::int from pg_stat_activity where datname = current_database() and xact_start < now() - interval '1 minute'),
    (select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables where schemaname = current_schema()),
    (select extract(epoch from max(replay_lag))::double precision from pg_stat_replication),
    (select count(*)::int from outbox_fact where position is null)
$$;
