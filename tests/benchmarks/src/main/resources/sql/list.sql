-- A page of fifty messages, with the caller's right to read them.
\set n random(1, :conversations)
select message_id, conversation_id, branch_no, depth, seq, role, state, state_reason, parts, author_id, run_id, agent_id,
  model, finish_reason, input_tokens, output_tokens, routing_decision, client_message_id, external_id, metadata, version,
  created_at, updated_at, attachment_count
from message
where tenant_id = :tenant::uuid and conversation_id = (:prefix::text || lpad(to_hex(:first::int + :n::int), 12, '0'))::uuid
  and branch_no = 0 and depth >= 0
  and exists (
    select 1 from conversation c join conversation_member m using (tenant_id, conversation_id)
    where c.tenant_id = :tenant::uuid and c.deleted_at is null and m.user_id = :member::uuid
      and c.conversation_id = (:prefix::text || lpad(to_hex(:first::int + :n::int), 12, '0'))::uuid)
order by depth limit 51;
