create table conversation (
  tenant_id        uuid        not null,
  conversation_id  uuid        not null,
  owner_id         uuid        not null,
  title            text        not null constraint conversation_title_check check (length(title) <= 255),
  model            text        not null constraint conversation_model_check check (length(model) <= 255),
  agent_id         uuid,
  temporary        boolean     not null,
  external_id      text        constraint conversation_external_id_check check (length(external_id) <= 255),
  metadata         jsonb       not null constraint conversation_metadata_check check (jsonb_typeof(metadata) = 'object'),
  message_count    int         not null constraint conversation_message_count_check check (message_count >= 0),
  preview          text        not null,
  last_branch_no   int         not null,
  last_event_seq   bigint      not null constraint conversation_last_event_seq_check check (last_event_seq >= 0),
  version          bigint      not null,
  forked_from_conversation_id uuid,
  forked_from_message_id      uuid,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  last_activity_at timestamptz not null,
  deleted_at       timestamptz,
  purge_at         timestamptz,
  constraint conversation_pk primary key (tenant_id, conversation_id),
  constraint conversation_deleted_check check (deleted_at is null or purge_at is not null)
) with (fillfactor = 80);
-- Partial: what is in the trash does not keep its external id from being used again.
create unique index conversation_external_id_unique on conversation (tenant_id, external_id)
  where external_id is not null and deleted_at is null;
-- What the sweeper looks for: the trash whose time is over, and temporary conversations that have expired.
create index conversation_purge_idx on conversation (purge_at) where purge_at is not null;

comment on table conversation is 'One chat. Its row is the lock that numbers messages and events; fillfactor 80 keeps that update in the page.';
comment on column conversation.last_event_seq is 'Allocator of the gapless event sequence.';
comment on column conversation.version is 'The etag: counts changes of title, model, agent, external id, metadata and of being deleted.';
comment on column conversation.purge_at is 'When it is removed for good: end of the trash time, or expiry of a temporary conversation.';

create table conversation_member (
  tenant_id        uuid        not null,
  conversation_id  uuid        not null,
  user_id          uuid        not null,
  role             text        not null constraint conversation_member_role_check check (role in ('VIEWER', 'EDITOR', 'OWNER')),
  archived         boolean     not null default false,
  pinned           boolean     not null default false,
  active_branch_no int         not null default 0,
  last_read_seq    bigint      not null default 0,
  last_activity_at timestamptz not null,
  constraint conversation_member_pk primary key (tenant_id, conversation_id, user_id),
  constraint conversation_member_conversation_fk foreign key (tenant_id, conversation_id)
    references conversation (tenant_id, conversation_id) on delete cascade
);
create index conversation_member_list_idx
  on conversation_member (tenant_id, user_id, archived, last_activity_at desc, conversation_id desc);

comment on table conversation_member is 'What a user is in a conversation: the access control and the list "my conversations" at once.';
comment on column conversation_member.last_activity_at is 'The list order, copied from the conversation at most once in two seconds.';

create table branch (
  tenant_id        uuid not null,
  conversation_id  uuid not null,
  branch_no        int  not null constraint branch_no_check check (branch_no >= 0),
  parent_branch_no int,
  fork_depth       int,
  leaf_depth       int  not null constraint branch_leaf_depth_check check (leaf_depth >= -1),
  leaf_message_id  uuid,
  constraint branch_pk primary key (tenant_id, conversation_id, branch_no),
  constraint branch_conversation_fk foreign key (tenant_id, conversation_id)
    references conversation (tenant_id, conversation_id) on delete cascade,
  constraint branch_parent_check check ((branch_no = 0) = (parent_branch_no is null) and (branch_no = 0) = (fork_depth is null))
) with (fillfactor = 80);

comment on table branch is 'A line of messages. It inherits its parent''s up to fork_depth; parent_branch_no is the branch that owns the row there.';
comment on column branch.leaf_depth is 'Depth of the newest message; -1 while there is none.';

create table message (
  tenant_id           uuid        not null,
  message_id          uuid        not null,
  conversation_id     uuid        not null,
  branch_no           int         not null,
  depth               int         not null constraint message_depth_check check (depth >= 0),
  seq                 bigint      not null constraint message_seq_check check (seq > 0),
  role                text        not null constraint message_role_check check (role in ('user', 'assistant', 'system', 'tool')),
  state               text        not null constraint message_state_check check (state in ('STREAMING', 'COMPLETE', 'INCOMPLETE', 'FAILED', 'REDACTED')),
  parts               jsonb       not null constraint message_parts_check check (jsonb_typeof(parts) = 'array'),
  content_text        text        not null,
  size_bytes          int         not null constraint message_size_bytes_check check (size_bytes >= 0),
  attachment_count    int         not null constraint message_attachment_count_check check (attachment_count between 0 and 20),
  author_id           uuid        not null,
  run_id              uuid,
  agent_id            uuid,
  model               text        not null constraint message_model_check check (length(model) <= 255),
  finish_reason       text        not null constraint message_finish_reason_check check (length(finish_reason) <= 64),
  input_tokens        int         constraint message_input_tokens_check check (input_tokens >= 0),
  output_tokens       int         constraint message_output_tokens_check check (output_tokens >= 0),
  client_message_id   text        constraint message_client_message_id_check check (length(client_message_id) <= 255),
  replaces_message_id uuid,
  routing_decision    jsonb,
  external_id         text        constraint message_external_id_check check (length(external_id) <= 255),
  metadata            jsonb       not null constraint message_metadata_check check (jsonb_typeof(metadata) = 'object'),
  version             bigint      not null,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  constraint message_pk primary key (tenant_id, message_id),
  constraint message_place_unique unique (tenant_id, conversation_id, branch_no, depth),
  constraint message_seq_unique unique (tenant_id, conversation_id, seq),
  constraint message_branch_fk foreign key (tenant_id, conversation_id, branch_no)
    references branch (tenant_id, conversation_id, branch_no) on delete cascade
);
-- Partial, so that messages without such ids pay nothing for them.
create unique index message_client_message_id_unique on message (tenant_id, conversation_id, client_message_id)
  where client_message_id is not null;
create unique index message_external_id_unique on message (tenant_id, external_id) where external_id is not null;

comment on table message is 'One turn of a conversation at its place (branch_no, depth); seq is that of its creation event.';
comment on column message.parts is 'The content as the contract''s parts, written and read whole.';
comment on column message.content_text is 'The text parts joined: for previews and search.';
comment on column message.size_bytes is 'UTF-8 bytes of the content, by which a page is bounded without reading it.';

create table message_attachment (
  tenant_id  uuid   not null,
  message_id uuid   not null,
  ordinal    int    not null constraint message_attachment_ordinal_check check (ordinal >= 0),
  file_id    uuid   not null,
  name       text   not null constraint message_attachment_name_check check (length(name) <= 255),
  media_type text   not null constraint message_attachment_media_type_check check (length(media_type) <= 255),
  size_bytes bigint not null constraint message_attachment_size_bytes_check check (size_bytes >= 0),
  constraint message_attachment_pk primary key (tenant_id, message_id, ordinal),
  constraint message_attachment_message_fk foreign key (tenant_id, message_id)
    references message (tenant_id, message_id) on delete cascade
);
create index message_attachment_file_idx on message_attachment (tenant_id, file_id);

comment on table message_attachment is 'The files that go with a message, as rows, so that they can be queried and collected.';
