alter table message_attachment add column deleted_at timestamptz;
comment on column message_attachment.deleted_at is 'When the file was deleted, or taken from the message, as file-service has told.';
