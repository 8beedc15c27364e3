-- A piece of an answer as a transaction of its own: number, length, event.
\set n random(1, :conversations)
with locked as (
  update conversation
  set last_event_seq = last_event_seq + 1, last_event_at = greatest(last_event_at, clock_timestamp())
  where tenant_id = :tenant::uuid and conversation_id = (:prefix::text || lpad(to_hex(:first::int + :n::int), 12, '0'))::uuid
  returning tenant_id, conversation_id, last_event_seq, last_event_at
), grown as (
  update message_stream
  set part_lengths = array[coalesce(part_lengths[1], 0) + length(:delta::text)], part_open = array[true],
      size_bytes = size_bytes + octet_length(:delta::text), last_seq = last_event_seq,
      writer_expires_at = last_event_at + interval '1 minute'
  from locked
  where message_stream.tenant_id = locked.tenant_id and message_id = locked.conversation_id
  returning message_id, part_lengths[1] - length(:delta::text) as part_offset
)
insert into conversation_event (tenant_id, conversation_id, seq, type, message_id, part, part_offset, content, created_at)
select tenant_id, conversation_id, last_event_seq, 'PART_DELTA', message_id, 0, part_offset, :delta::text, last_event_at
from locked, grown;
