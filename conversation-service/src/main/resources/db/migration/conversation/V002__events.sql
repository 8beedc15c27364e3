-- Gapless events, messages that are written token by token, and the feed of a user's list.

alter table conversation
  add column compacted_through_seq bigint not null default 0,
  add column last_event_at timestamptz,
  add constraint conversation_compacted_through_seq_check check (compacted_through_seq between 0 and last_event_seq);
update conversation set last_event_at = last_activity_at;
alter table conversation alter column last_event_at set not null;

comment on column conversation.compacted_through_seq is 'Events up to here may be gone: who has seen fewer gets a snapshot.';
comment on column conversation.last_event_at is 'When the newest event happened; event times never go back.';

alter table message
  add column state_reason text not null default '' constraint message_state_reason_check check (length(state_reason) <= 1024),
  add column parts_seq bigint;
update message set parts_seq = seq;
alter table message alter column parts_seq set not null, alter column state_reason drop default;

comment on column message.parts_seq is 'parts hold everything up to this event; while the message streams the rest is in the events after it.';

create table conversation_event (
  tenant_id       uuid        not null,
  conversation_id uuid        not null,
  seq             bigint      not null constraint conversation_event_seq_check check (seq > 0),
  type            text        not null constraint conversation_event_type_check check (type in (
    'MESSAGE_CREATED', 'PART_STARTED', 'PART_DELTA', 'PART_DONE', 'MESSAGE_COMPLETED', 'MESSAGE_FAILED', 'MESSAGE_UPDATED',
    'CONVERSATION_UPDATED', 'CONVERSATION_DELETED')),
  message_id      uuid,
  part            int         constraint conversation_event_part_check check (part between 0 and 255),
  part_offset     int         constraint conversation_event_part_offset_check check (part_offset >= 0),
  content         text,
  data            jsonb,
  created_at      timestamptz not null,
  constraint conversation_event_pk primary key (tenant_id, conversation_id, seq),
  constraint conversation_event_message_check check ((message_id is null) = (type in ('CONVERSATION_UPDATED', 'CONVERSATION_DELETED'))),
  constraint conversation_event_part_of_check check ((part is null) = (type not in ('PART_STARTED', 'PART_DELTA', 'PART_DONE'))),
  constraint conversation_event_delta_check check (type <> 'PART_DELTA' or (part_offset is not null and content is not null)),
  constraint conversation_event_conversation_fk foreign key (tenant_id, conversation_id)
    references conversation (tenant_id, conversation_id) on delete cascade
);
insert into conversation_event (tenant_id, conversation_id, seq, type, message_id, created_at)
  select tenant_id, conversation_id, seq, 'MESSAGE_CREATED', message_id, created_at from message;

comment on table conversation_event is 'What happened in a conversation, in order and without gaps; PART_ rows of messages that have ended go after a while.';
comment on column conversation_event.content is 'The text of a PART_DELTA.';
comment on column conversation_event.data is 'What else the event says; the content of a whole message is only in the message''s row.';

create table message_stream (
  tenant_id         uuid        not null,
  message_id        uuid        not null,
  conversation_id   uuid        not null,
  writer_epoch      bigint      not null,
  writer_expires_at timestamptz not null,
  part_lengths      int[]       not null,
  part_open         boolean[]   not null,
  size_bytes        int         not null constraint message_stream_size_bytes_check check (size_bytes >= 0),
  last_seq          bigint      not null,
  ended_at          timestamptz,
  constraint message_stream_pk primary key (tenant_id, message_id),
  constraint message_stream_parts_check check (cardinality(part_lengths) = cardinality(part_open)),
  constraint message_stream_message_fk foreign key (tenant_id, message_id)
    references message (tenant_id, message_id) on delete cascade
) with (fillfactor = 70);
create index message_stream_expiry_idx on message_stream (writer_expires_at) where ended_at is null;
create index message_stream_ended_idx on message_stream (ended_at) where ended_at is not null;

comment on table message_stream is 'What a writer may add to a message. It outlives the end until the message''s PART_ events are removed.';
comment on column message_stream.writer_epoch is 'Names the writer: the seq of the event that made it the writer.';
comment on column message_stream.part_lengths is 'Code points of each part that are stored; 0 for parts that are not text.';
comment on column message_stream.part_open is 'Whether the part still grows.';

alter table conversation_member add column changed_at timestamptz;
update conversation_member set changed_at = last_activity_at;
alter table conversation_member alter column changed_at set not null;
create index conversation_member_changed_idx on conversation_member (tenant_id, user_id, changed_at);

comment on column conversation_member.changed_at is 'When the entry in this member''s list last changed, as the feed of the list tells it.';

create table conversation_member_gone (
  tenant_id       uuid        not null,
  user_id         uuid        not null,
  conversation_id uuid        not null,
  changed_at      timestamptz not null,
  constraint conversation_member_gone_pk primary key (tenant_id, user_id, conversation_id)
);
create index conversation_member_gone_changed_idx on conversation_member_gone (tenant_id, user_id, changed_at);
create index conversation_member_gone_sweep_idx on conversation_member_gone (changed_at);

comment on table conversation_member_gone is 'Entries that left a user''s list with their rows, for those who were not watching; kept 30 days.';
