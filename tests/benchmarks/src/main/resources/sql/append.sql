-- What an append does, as the one statement that it could be at best: rights, number, place, message, event.
\set n random(1, :conversations)
with given as materialized (
  select uuidv7() as message_id, (:prefix::text || lpad(to_hex(:first::int + :n::int), 12, '0'))::uuid as conversation_id
), locked as (
  update conversation
  set last_event_seq = last_event_seq + 1, message_count = message_count + 1, preview = left(:content::text, 200),
      title = case when title = '' then left(:content::text, 60) else title end,
      last_event_at = greatest(last_event_at, clock_timestamp()),
      last_activity_at = greatest(last_activity_at, clock_timestamp())
  where tenant_id = :tenant::uuid and conversation_id = (select conversation_id from given) and deleted_at is null
    and exists (
      select 1 from conversation_member
      where tenant_id = :tenant::uuid and conversation_id = (select conversation_id from given)
        and user_id = :member::uuid and role in ('EDITOR', 'OWNER'))
  returning tenant_id, conversation_id, last_event_seq, last_activity_at, last_event_at
), leaf as (
  update branch set leaf_depth = leaf_depth + 1, leaf_message_id = (select message_id from given)
  from locked
  where branch.tenant_id = locked.tenant_id and branch.conversation_id = locked.conversation_id and branch_no = 0
  returning leaf_depth
), said as (
  insert into message (tenant_id, message_id, conversation_id, branch_no, depth, seq, role, state, state_reason, parts,
    parts_seq, content_text, size_bytes, attachment_count, author_id, model, finish_reason, metadata, version, created_at,
    updated_at)
  select tenant_id, message_id, given.conversation_id, 0, leaf_depth, last_event_seq, 'user', 'COMPLETE', '',
    jsonb_build_array(jsonb_build_object('text', :content::text)), last_event_seq, :content::text,
    octet_length(:content::text), 0, :member::uuid, '', '', '{}', 1, last_activity_at, last_activity_at
  from given, locked, leaf
), told as (
  insert into conversation_event (tenant_id, conversation_id, seq, type, message_id, created_at)
  select tenant_id, given.conversation_id, last_event_seq, 'MESSAGE_CREATED', message_id, last_event_at from given, locked
)
select message_id, last_event_seq, leaf_depth, last_activity_at from given, locked, leaf;
