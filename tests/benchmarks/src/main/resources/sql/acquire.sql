-- What an acquire does, as the one statement that it could be at best: the run that has waited longest, lease, event.
with head as (
  select tenant_id, run_id from agent_run.run
  where tenant_id = :tenant::uuid and queue = :queue::text and state = 'QUEUED' and eligible_at <= (select clock_timestamp())
  order by eligible_at, run_id limit 1 for no key update skip locked
), leased as (
  update agent_run.run
  set state = 'RUNNING', attempt = attempt + 1, lease_epoch = lease_epoch + 1, holder_id = :member::uuid,
      lease_expires_at = clock_timestamp() + interval '1 minute', eligible_at = null,
      started_at = coalesce(started_at, clock_timestamp()), version = version + 1, updated_at = clock_timestamp()
  from head
  where run.tenant_id = head.tenant_id and run.run_id = head.run_id
  returning run.tenant_id, run.run_id, user_id, lease_epoch
), held as (
  insert into agent_run.run_lease (tenant_id, run_id, lease_epoch, principal_id, request_id, labels, acquired_at)
  select tenant_id, run_id, lease_epoch, :member::uuid, '', '{}', clock_timestamp() from leased
), begun as (
  insert into agent_run.event_stream (tenant_id, stream_id, subject, subject_id, month, last_seq, compacted_through_seq, last_event_at)
  select tenant_id, uuidv7(), 'RUN', run_id, date_trunc('month', clock_timestamp() at time zone 'UTC')::date, 1, 0,
    clock_timestamp()
  from leased
  returning tenant_id, stream_id, subject_id, month, last_event_at
)
insert into agent_run.run_event (tenant_id, stream_id, seq, month, event_id, run_id, user_id, category, kind, level, content, size_bytes,
  created_at)
select begun.tenant_id, stream_id, 1, month, uuidv7(), run_id, user_id, 'LIFECYCLE', 'run.running', 'INFO', '', 0, last_event_at
from begun join leased on run_id = subject_id;
