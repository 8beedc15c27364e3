delete from file_link where session_id is not null or agent_id is not null;
drop index file_link_message_idx;
drop index file_link_artifact_unique;
drop index file_link_use_unique;
alter table file_link
  drop constraint file_link_message_check,
  drop constraint file_link_user_check,
  drop column session_id,
  drop column agent_id,
  alter column conversation_id set not null,
  add constraint file_link_use_unique unique nulls not distinct (tenant_id, file_id, conversation_id, message_id);

comment on table file_link is 'Where a file is used: members of the conversation may read it.';
comment on column file_link.conversation_id is null;
