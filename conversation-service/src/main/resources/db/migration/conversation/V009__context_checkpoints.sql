-- Summaries of what no longer fits into a model's window.

create table context_checkpoint (
  tenant_id       uuid        not null,
  conversation_id uuid        not null,
  branch_no       int         not null,
  depth           int         not null,
  summary         text        not null constraint context_checkpoint_summary_check check (octet_length(summary) between 1 and 262144),
  token_count     int         constraint context_checkpoint_token_count_check check (token_count >= 0),
  created_at      timestamptz not null,
  constraint context_checkpoint_pk primary key (tenant_id, conversation_id, branch_no, depth),
  constraint context_checkpoint_message_fk foreign key (tenant_id, conversation_id, branch_no, depth)
    references message (tenant_id, conversation_id, branch_no, depth) on delete cascade
);

comment on table context_checkpoint is 'What a path says, from its first message to the one at this place, in fewer words.';
comment on column context_checkpoint.token_count is 'As its writer has counted; null: not told.';
