alter table file_link
  alter column conversation_id drop not null,
  add column session_id uuid,
  add column agent_id uuid,
  add constraint file_link_user_check
    check (num_nonnulls(conversation_id, session_id) > 0 and agent_id is null
      or num_nonnulls(conversation_id, session_id) = 0 and agent_id is not null),
  add constraint file_link_message_check check (message_id is null or (conversation_id is not null and session_id is null)),
  drop constraint file_link_use_unique;
create unique index file_link_use_unique on file_link (tenant_id, file_id, conversation_id, message_id, agent_id)
  nulls not distinct where session_id is null;
create unique index file_link_artifact_unique on file_link (tenant_id, file_id, session_id) where session_id is not null;
create index file_link_message_idx on file_link (tenant_id, message_id) where message_id is not null;
create index file_link_session_idx on file_link (tenant_id, session_id) where session_id is not null;
create index file_link_agent_idx on file_link (tenant_id, agent_id) where agent_id is not null;

comment on table file_link is 'Where a file is used: whoever may read there may read it.';
comment on column file_link.conversation_id is 'Of an artifact: what its session is talked about in.';
