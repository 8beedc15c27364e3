-- The same path as what each of its branches has of it.
with recursive chain as (
  select branch_no, parent_branch_no, fork_depth, leaf_depth as upper from branch
  where tenant_id = :tenant and conversation_id = :conversation
    and leaf_message_id = :leaf
  union all
  select b.branch_no, b.parent_branch_no, b.fork_depth, chain.fork_depth
  from chain cross join lateral (
    select * from branch where tenant_id = :tenant and conversation_id = :conversation and branch_no = chain.parent_branch_no limit 1) b
)
select message_id, conversation_id, m.branch_no, depth, seq, role, state, state_reason, parts, author_id, run_id, agent_id,
  model, finish_reason, input_tokens, output_tokens, routing_decision, client_message_id, external_id, metadata, version,
  created_at, updated_at, attachment_count
from chain cross join lateral (
  select * from message where tenant_id = :tenant and conversation_id = :conversation and branch_no = chain.branch_no
    and depth > coalesce(chain.fork_depth, -1) and depth <= chain.upper order by depth limit 1000) m
order by depth
