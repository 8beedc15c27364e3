alter table message_attachment drop column deleted_at;
