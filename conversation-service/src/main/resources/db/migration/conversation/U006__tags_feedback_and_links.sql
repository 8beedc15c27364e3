alter table conversation_member drop column inherited;
drop table share_link;
drop table message_feedback;
drop table conversation_tag;
drop table tag;
