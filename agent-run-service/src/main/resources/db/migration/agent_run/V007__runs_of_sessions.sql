alter table run add column active_ms bigint not null default 0
  constraint run_active_ms_check check (active_ms >= 0);
alter table run add column active_since timestamptz;
create index run_session_open_idx on run (tenant_id, session_id) where session_id is not null and ended_at is null;
comment on column run.active_ms is 'How long it was worked on, all of its leases together, up to the last that has ended.';
comment on column run.active_since is 'Since when it is worked on. Null: it is not.';

alter table session add column ending boolean not null default false;
-- What the sweeper looks for.
create index session_ending_idx on session (tenant_id, session_id) where ending;
comment on column session.ending is 'It has ended with more runs than are told at once: the others are told by and by.';

create index agent_deleted_idx on agent (deleted_at) where deleted_at is not null;
