-- Members come and go, conversations are open to the whole tenant, and some must not be removed.

-- now() is one value for all rows there are, so the table is not rewritten.
alter table conversation
  add column tenant_role text constraint conversation_tenant_role_check check (tenant_role in ('VIEWER', 'EDITOR')),
  add column listed_at timestamptz not null default now();
create index conversation_tenant_role_idx on conversation (tenant_id, conversation_id) where tenant_role is not null;

comment on column conversation.tenant_role is 'What everybody in the tenant may do in it; null: members only.';
comment on column conversation.listed_at is 'When members'' lists were last told of activity: an append asks this row, not those of a thousand members.';

create table legal_hold (
  tenant_id       uuid        not null,
  conversation_id uuid        not null,
  reason          text        not null constraint legal_hold_reason_check check (length(reason) between 1 and 1000),
  created_at      timestamptz not null,
  constraint legal_hold_pk primary key (tenant_id, conversation_id),
  constraint legal_hold_conversation_fk foreign key (tenant_id, conversation_id)
    references conversation (tenant_id, conversation_id)
);

comment on table legal_hold is 'Conversations that are kept whatever happens: while the row is there the conversation''s cannot go.';
