alter table conversation_member drop column joined_at;
