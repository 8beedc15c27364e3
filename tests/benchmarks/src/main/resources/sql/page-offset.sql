-- A page in the middle of a conversation, by its place in the list.
select message_id, conversation_id, branch_no, depth, seq, role, state, state_reason, parts, author_id, run_id, agent_id,
  model, finish_reason, input_tokens, output_tokens, routing_decision, client_message_id, external_id, metadata, version,
  created_at, updated_at, attachment_count
from message
where tenant_id = :tenant and conversation_id = :conversation
order by depth offset :offset limit 51
