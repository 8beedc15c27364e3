create table outbox_cursor (
  source     text        not null constraint outbox_cursor_source_check check (length(source) between 1 and 64),
  position   bigint      not null constraint outbox_cursor_position_check check (position >= 0),
  updated_at timestamptz not null,
  constraint outbox_cursor_pk primary key (source)
);
comment on table outbox_cursor is 'How far the facts of another service are applied here. Its row is locked by whoever applies, and moves with the effect.';

create table outbox_applied (
  source     text        not null,
  fact_id    uuid        not null,
  applied_at timestamptz not null default clock_timestamp(),
  constraint outbox_applied_pk primary key (source, fact_id)
);
create index outbox_applied_sweep_idx on outbox_applied (applied_at);
comment on table outbox_applied is 'The facts that were applied, for longer than their source keeps them: an outbox that is read again from its beginning does nothing twice.';

create table erasure_task (
  tenant_id    uuid        not null,
  erasure_id   uuid        not null,
  user_id      uuid,
  requested_at timestamptz not null,
  due_at       timestamptz not null,
  attempts     int         not null constraint erasure_task_attempts_check check (attempts >= 0),
  reported_at  timestamptz,
  constraint erasure_task_pk primary key (tenant_id, erasure_id)
);
create index erasure_task_due_idx on erasure_task (due_at);
comment on table erasure_task is 'The order to remove a user, or the tenant where there is none. It goes when the removal is reported and was looked at once more.';
comment on column erasure_task.due_at is 'When somebody is to work at it: whoever does moves this on, so that nobody else does meanwhile, and somebody does if they die.';
comment on column erasure_task.attempts is 'How often reporting failed in a row.';

create table erasure_tally (
  tenant_id      uuid   not null,
  erasure_id     uuid   not null,
  table_name     text   not null constraint erasure_tally_table_check check (length(table_name) between 1 and 63),
  rows_removed   bigint not null constraint erasure_tally_removed_check check (rows_removed >= 0),
  rows_changed   bigint not null constraint erasure_tally_changed_check check (rows_changed >= 0),
  rows_remaining bigint not null constraint erasure_tally_remaining_check check (rows_remaining >= 0),
  constraint erasure_tally_pk primary key (tenant_id, erasure_id, table_name),
  constraint erasure_tally_task_fk foreign key (tenant_id, erasure_id) references erasure_task (tenant_id, erasure_id) on delete cascade
);
comment on table erasure_tally is 'What an erasure has removed from a table, and changed so that it names nobody, counted in the transactions that do it; and what was found last.';

-- Checks the entries after a position, up to `batch` of them, and names the first that is not as it was written. MISSING: nobody has the
-- position. ALTERED: the entry's bytes are not those that were hashed. ADDED: the position is not one that the sequencer gave. Entries
-- without a position belong to the last batch. The canonical bytes are those of audit_entry_seal.
create function audit_faults(after bigint, batch int)
returns table (checked_through bigint, fault text, fault_position bigint, fault_tenant_id uuid, fault_entry_id uuid)
language sql stable set search_path = ${flyway:defaultSchema}, pg_temp as $$
  with bound as (
    select least(after + batch, greatest(after, last_position)) as through, after + batch >= last_position as last from audit_head
  ), entry as (
    select e.position, e.tenant_id, e.id, e.row_hash = sha256(convert_to(json_build_array(
      e.tenant_id, e.id, e.actor_id, e.credential_id, e.action, e.resource, e.resource_id, e.outcome, e.reason,
      encode(e.salt, 'hex'), e.changes, e.request_id,
      to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8')) as sound
    from audit_entry e, bound
    where (e.position > after and e.position <= through) or (last and e.position is null)
  ), found as (
    select 'MISSING' as fault, place as position, null::uuid as tenant_id, null::uuid as id
    from bound, generate_series(after + 1, through) place
    where not exists (select from entry where entry.position = place)
    union all
    select 'ALTERED', position, tenant_id, id from entry where not sound
    union all
    select 'ADDED', position, tenant_id, id
    from (select position, tenant_id, id, count(*) over (partition by position) as twins from entry where position is not null) counted
    where twins > 1
    union all
    (select 'ADDED', e.position, e.tenant_id, e.id from audit_entry e, bound
     where last and e.position > through order by e.position limit 1)
  ), first as (
    select * from found order by position, fault, id limit 1
  )
  select through, first.fault, first.position, first.tenant_id, first.id from bound left join first on true
$$;
