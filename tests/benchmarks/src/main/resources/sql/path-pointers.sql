-- The path from its end to its beginning, by the parents' ids.
with recursive path as (
  select * from benchmark.pointer where tenant_id = :tenant and message_id = :leaf
  union all
  select p.* from path join benchmark.pointer p on p.tenant_id = :tenant and p.message_id = path.parent_id
)
select message_id, conversation_id, branch_no, depth, seq, role, state, state_reason, parts, author_id, run_id, agent_id,
  model, finish_reason, input_tokens, output_tokens, routing_decision, client_message_id, external_id, metadata, version,
  created_at, updated_at, attachment_count
from path order by depth
