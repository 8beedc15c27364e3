-- An event of a run as a transaction of its own: lease, number, event.
\set n random(1, :runs)
with held as (
  select run.tenant_id, run.run_id, run.user_id from agent_run.run
  where run.tenant_id = :tenant::uuid and run_id = (:prefix::text || lpad(to_hex(:n::int), 12, '0'))::uuid
    and state = 'RUNNING'
), numbered as (
  update agent_run.event_stream
  set last_seq = last_seq + 1, last_event_at = greatest(last_event_at, clock_timestamp())
  from held
  where event_stream.tenant_id = held.tenant_id and subject = 'RUN' and subject_id = held.run_id
  returning stream_id, month, last_seq, last_event_at
)
insert into agent_run.run_event (tenant_id, stream_id, seq, month, event_id, run_id, user_id, category, kind, level, content, size_bytes,
  created_at)
select tenant_id, stream_id, last_seq, month, uuidv7(), run_id, user_id, 'RESPONSE', 'text', 'INFO', :content::text,
  octet_length(:content::text), last_event_at
from held, numbered;
