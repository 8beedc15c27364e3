-- Tags, feedback, and links for those who have no account.

create table tag (
  tenant_id  uuid        not null,
  tag_id     uuid        not null,
  owner_id   uuid,
  name       text        not null constraint tag_name_check check (length(name) between 1 and 64),
  created_at timestamptz not null,
  constraint tag_pk primary key (tenant_id, tag_id)
);
create unique index tag_name_unique on tag (tenant_id, owner_id, lower(name)) nulls not distinct;

comment on table tag is 'Words that conversations are found by: of one user, or, without an owner, of the organization.';

create table conversation_tag (
  tenant_id       uuid not null,
  conversation_id uuid not null,
  tag_id          uuid not null,
  constraint conversation_tag_pk primary key (tenant_id, conversation_id, tag_id),
  constraint conversation_tag_conversation_fk foreign key (tenant_id, conversation_id)
    references conversation (tenant_id, conversation_id) on delete cascade,
  constraint conversation_tag_tag_fk foreign key (tenant_id, tag_id) references tag (tenant_id, tag_id) on delete cascade
);
create index conversation_tag_tag_idx on conversation_tag (tenant_id, tag_id, conversation_id);

comment on table conversation_tag is 'Which tags are on which conversations.';

create table message_feedback (
  tenant_id       uuid        not null,
  user_id         uuid        not null,
  conversation_id uuid        not null,
  message_id      uuid        not null,
  rating          text        not null constraint message_feedback_rating_check check (rating in ('UP', 'DOWN')),
  comment         text        not null constraint message_feedback_comment_check check (length(comment) <= 2000),
  updated_at      timestamptz not null,
  constraint message_feedback_pk primary key (tenant_id, user_id, conversation_id, message_id),
  constraint message_feedback_message_fk foreign key (tenant_id, message_id)
    references message (tenant_id, message_id) on delete cascade
);
create index message_feedback_message_idx on message_feedback (tenant_id, message_id);

comment on table message_feedback is 'What each reader thinks of a message.';

create table share_link (
  tenant_id       uuid        not null,
  conversation_id uuid        not null,
  share_link_id   uuid        not null,
  user_id         uuid        not null,
  token_hash      bytea       not null constraint share_link_token_hash_check check (length(token_hash) = 32),
  message_id      uuid        not null,
  branch_no       int         not null,
  depth           int         not null constraint share_link_depth_check check (depth >= 0),
  created_at      timestamptz not null,
  expires_at      timestamptz,
  constraint share_link_pk primary key (tenant_id, conversation_id, share_link_id),
  constraint share_link_token_unique unique (tenant_id, token_hash),
  constraint share_link_conversation_fk foreign key (tenant_id, conversation_id)
    references conversation (tenant_id, conversation_id) on delete cascade
);

comment on table share_link is 'Who has the token reads the path to (branch_no, depth); the token itself is nowhere.';

alter table conversation_member add column inherited boolean not null default false;
create index conversation_member_inherited_idx on conversation_member (tenant_id, user_id) where inherited;

comment on column conversation_member.inherited is 'Whether somebody else owned it before: its messages are found by the conversation, not by the owner.';
