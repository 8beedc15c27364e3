drop table conversation_member_gone;
drop index conversation_member_changed_idx;
alter table conversation_member drop column changed_at;
drop table message_stream;
drop table conversation_event;
alter table message drop column parts_seq, drop column state_reason;
alter table conversation
  drop constraint conversation_compacted_through_seq_check,
  drop column last_event_at,
  drop column compacted_through_seq;
