-- Conversations that went more than one way.

alter table branch
  add column level int not null default 0,
  add column jump_branch_no int not null default 0,
  add column jump_fork_depth int not null default -1;

comment on column branch.level is 'How many branches it hangs on.';
comment on column branch.jump_branch_no is 'A branch further up, so that from any branch every other one above it is a few dozen steps away.';
comment on column branch.jump_fork_depth is 'The fork_depth there, -1 of the first branch: whether to go to it or to the parent is known without a look.';

-- Siblings: the branches that go their own way after one message.
create index branch_fork_idx on branch (tenant_id, conversation_id, parent_branch_no, fork_depth, branch_no);

alter table conversation_event
  drop constraint conversation_event_type_check,
  drop constraint conversation_event_message_check,
  add constraint conversation_event_type_check check (type in (
    'MESSAGE_CREATED', 'PART_STARTED', 'PART_DELTA', 'PART_DONE', 'MESSAGE_COMPLETED', 'MESSAGE_FAILED', 'MESSAGE_UPDATED',
    'MESSAGE_DELETED', 'BRANCH_CREATED', 'BRANCH_SWITCHED', 'CONVERSATION_UPDATED', 'CONVERSATION_DELETED',
    'MEMBER_CHANGED', 'TAG_CHANGED', 'FEEDBACK_CHANGED')),
  add constraint conversation_event_message_check check ((message_id is null) = (type in (
    'BRANCH_CREATED', 'BRANCH_SWITCHED', 'CONVERSATION_UPDATED', 'CONVERSATION_DELETED', 'MEMBER_CHANGED', 'TAG_CHANGED')));

-- For erasure: the few events that name a user.
create index conversation_event_user_idx on conversation_event (tenant_id, (data ->> 'user_id')) where (data ->> 'user_id') is not null;
