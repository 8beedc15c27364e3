drop index conversation_event_user_idx;
delete from conversation_event
  where type in ('MESSAGE_DELETED', 'BRANCH_CREATED', 'BRANCH_SWITCHED', 'MEMBER_CHANGED', 'TAG_CHANGED', 'FEEDBACK_CHANGED');
alter table conversation_event
  drop constraint conversation_event_type_check,
  drop constraint conversation_event_message_check,
  add constraint conversation_event_type_check check (type in (
    'MESSAGE_CREATED', 'PART_STARTED', 'PART_DELTA', 'PART_DONE', 'MESSAGE_COMPLETED', 'MESSAGE_FAILED', 'MESSAGE_UPDATED',
    'CONVERSATION_UPDATED', 'CONVERSATION_DELETED')),
  add constraint conversation_event_message_check check ((message_id is null) = (type in ('CONVERSATION_UPDATED', 'CONVERSATION_DELETED')));
drop index branch_fork_idx;
alter table branch drop column jump_fork_depth, drop column jump_branch_no, drop column level;
