-- What happens in sessions and runs, in gapless streams.

create table event_stream (
  tenant_id             uuid        not null,
  stream_id             uuid        not null,
  subject               text        not null constraint event_stream_subject_check check (subject in ('SESSION', 'CONVERSATION', 'RUN')),
  subject_id            uuid        not null,
  month                 date        not null constraint event_stream_month_check check (extract(day from month) = 1),
  last_seq              bigint      not null,
  compacted_through_seq bigint      not null,
  last_event_at         timestamptz not null,
  constraint event_stream_pk primary key (tenant_id, stream_id),
  constraint event_stream_subject_unique unique (tenant_id, subject, subject_id),
  constraint event_stream_compacted_through_seq_check check (compacted_through_seq between 0 and last_seq)
) with (fillfactor = 70);
create index event_stream_month_idx on event_stream (month, tenant_id, stream_id);

comment on table event_stream is 'Numbers the events of a session, of the runs of a conversation, or of a run that belongs to neither.';
comment on column event_stream.month is 'The partition that holds its events: that of the month in which it began, or was carried over when that one went.';
comment on column event_stream.compacted_through_seq is 'Events up to here are gone: who has seen fewer gets a snapshot.';

-- No foreign keys: with one, each partition that comes or goes would lock all streams. Who appends holds the stream's row and the run's.
create table run_event (
  tenant_id   uuid        not null,
  stream_id   uuid        not null,
  seq         bigint      not null constraint run_event_seq_check check (seq > 0),
  month       date        not null,
  event_id    uuid        not null,
  run_id      uuid,
  user_id     uuid        not null,
  step_key    text        constraint run_event_step_key_check check (length(step_key) <= 255),
  category    text        not null constraint run_event_category_check check (category in (
    'HOOK', 'RESPONSE', 'PHASE', 'LIFECYCLE', 'USAGE', 'INTERRUPT', 'LOG', 'CUSTOM')),
  kind        text        not null constraint run_event_kind_check check (length(kind) between 1 and 64),
  level       text        not null constraint run_event_level_check check (level in ('DEBUG', 'INFO', 'WARN', 'ERROR')),
  content     text        not null,
  payload     jsonb       constraint run_event_payload_check check (jsonb_typeof(payload) = 'object'),
  tool_name   text        constraint run_event_tool_name_check check (length(tool_name) <= 255),
  tool_input  jsonb,
  tool_output jsonb,
  duration_ms int         constraint run_event_duration_ms_check check (duration_ms >= 0),
  size_bytes  int         not null constraint run_event_size_bytes_check check (size_bytes >= 0),
  created_at  timestamptz not null,
  constraint run_event_pk primary key (tenant_id, stream_id, seq, month),
  constraint run_event_id_unique unique (tenant_id, stream_id, event_id, month)
) partition by range (month);
create index run_event_run_idx on run_event (tenant_id, stream_id, run_id, seq);
-- For the erasure of a user.
create index run_event_user_idx on run_event (tenant_id, user_id);

comment on table run_event is 'What happened, in order and without gaps. A stream''s events are all in one partition, see event_stream.month.';
comment on column run_event.event_id is 'Given by the writer: the same event is not written twice.';
comment on column run_event.run_id is 'Null: it happened to the session itself.';
comment on column run_event.user_id is 'Whose run or session it is.';
comment on column run_event.size_bytes is 'Of what it says, so that a page can be measured without reading it.';

-- Makes the partitions of last month, this one and those ahead. The runtime role may not make tables, so this runs as the owner.
-- A partition is made first and attached then: to make it in place would lock out every reader.
create function make_event_partitions(ahead int) returns int language plpgsql security definer
set search_path = ${flyway:defaultSchema}, pg_temp set lock_timeout = '5s' as $$
declare
  first date;
  name  text;
  made  int := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('${flyway:defaultSchema}.event_partitions', 0));
  for i in -1..ahead loop
    first := date_trunc('month', clock_timestamp() at time zone 'UTC') + make_interval(months => i);
    name := 'run_event_' || to_char(first, 'YYYYMM');
    if to_regclass(name) is null then
      execute format('create table %I (like run_event including all)', name);
      execute format('alter table run_event attach partition %I for values from (%L) to (%L)', name, first, first + interval '1 month');
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;

-- The months that have a partition, the oldest first.
create function event_partitions() returns setof date language sql stable security definer
set search_path = ${flyway:defaultSchema}, pg_temp as $$
  select to_date(right(c.relname, 6), 'YYYYMM') from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'run_event'::regclass order by 1
$$;

-- Drops the partition of a month that is over and that no stream is in any more.
create function drop_event_partition(gone date) returns boolean language plpgsql security definer
set search_path = ${flyway:defaultSchema}, pg_temp set lock_timeout = '2s' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('${flyway:defaultSchema}.event_partitions', 0));
  if gone + interval '1 month' > clock_timestamp() at time zone 'UTC' or exists (select from event_stream where month = gone) then
    return false;
  end if;
  execute format('drop table if exists %I', 'run_event_' || to_char(gone, 'YYYYMM'));
  return true;
end $$;

select make_event_partitions(2);
