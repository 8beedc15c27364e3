drop table message_attachment;
drop table message;
drop table branch;
drop table conversation_member;
drop table conversation;
