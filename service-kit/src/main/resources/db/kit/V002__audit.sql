create table audit_entry (
  tenant_id     uuid        not null,
  id            uuid        not null,
  position      bigint      constraint audit_entry_position_check check (position > 0),
  actor_id      uuid        not null,
  credential_id text        not null,
  action        text        not null,
  resource      text        not null,
  resource_id   text        not null,
  outcome       text        not null constraint audit_entry_outcome_check check (outcome in ('DONE', 'REFUSED')),
  reason        text        not null,
  salt          bytea       not null constraint audit_entry_salt_check check (octet_length(salt) = 16),
  changes       jsonb       not null constraint audit_entry_changes_check check (jsonb_typeof(changes) = 'object'),
  request_id    text        not null,
  created_at    timestamptz not null,
  row_hash      bytea       not null constraint audit_entry_hash_check check (octet_length(row_hash) = 32),
  constraint audit_entry_pk primary key (tenant_id, id),
  constraint audit_entry_position_unique unique (tenant_id, position)
);
create index audit_entry_newest_idx on audit_entry (tenant_id, created_at desc, id desc);
create index audit_entry_resource_idx on audit_entry (tenant_id, resource, resource_id, created_at desc, id desc);
create index audit_entry_pending_idx on audit_entry (created_at, id) where position is null;
comment on table audit_entry is 'What was done and what was refused. The runtime role may insert and read; rows hold ids and salted hashes, no values.';
comment on column audit_entry.changes is 'Field name to the hexadecimal SHA-256 of salt and new value.';
comment on column audit_entry.row_hash is 'SHA-256 of the canonical bytes, see audit_entry_seal. The position is not part of them: it comes later.';

create table audit_head (
  id            int    not null constraint audit_head_single_check check (id = 1),
  last_position bigint not null constraint audit_head_position_check check (last_position >= 0),
  constraint audit_head_pk primary key (id)
);
insert into audit_head (id, last_position) values (1, 0);
comment on table audit_head is 'The last position given to an audit entry. One row.';

-- Time, position and hash are the database's to say, whatever the insert says.
create function audit_entry_seal() returns trigger language plpgsql as $$
begin
  new.created_at := clock_timestamp();
  new.position := null;
  new.row_hash := sha256(convert_to(json_build_array(
    new.tenant_id, new.id, new.actor_id, new.credential_id, new.action, new.resource, new.resource_id, new.outcome, new.reason,
    encode(new.salt, 'hex'), new.changes, new.request_id,
    to_char(new.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8'));
  return new;
end $$;
create trigger audit_entry_seal before insert on audit_entry for each row execute function audit_entry_seal();

-- Numbers committed entries without gaps. The runtime role may not update entries, so this runs as the owner, and can do only this.
-- Each statement sees what was committed before it (READ COMMITTED), so what another process numbered before it let go of the head is seen.
create function number_audit_entries(batch int) returns bigint language plpgsql security definer
set search_path = ${flyway:defaultSchema}, pg_temp as $$
declare
  head bigint;
begin
  if not exists (select from audit_entry where position is null) then
    return (select last_position from audit_head);
  end if;
  select last_position into strict head from audit_head for update;
  with pending as (
    select tenant_id, id, row_number() over (order by created_at, id) as place
    from (select tenant_id, id, created_at from audit_entry where position is null order by created_at, id limit batch) oldest
  ), numbered as (
    update audit_entry e set position = head + p.place from pending p where e.tenant_id = p.tenant_id and e.id = p.id returning 1
  )
  update audit_head set last_position = head + (select count(*) from numbered) returning last_position into head;
  return head;
end $$;
