drop table message_unsearched;
alter table message_search
  drop column conversation_id,
  drop column role,
  drop column created_at;
