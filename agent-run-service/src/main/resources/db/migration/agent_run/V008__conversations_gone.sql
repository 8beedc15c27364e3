create table conversation_gone (
  tenant_id       uuid        not null,
  conversation_id uuid        not null,
  gone_at         timestamptz not null,
  constraint conversation_gone_pk primary key (tenant_id, conversation_id)
);
-- What the sweeper looks for.
create index conversation_gone_gone_at_idx on conversation_gone (gone_at);
comment on table conversation_gone is 'Conversations whose deletion was heard of a short time ago. Whoever asked for one before makes no link to it any more.';
