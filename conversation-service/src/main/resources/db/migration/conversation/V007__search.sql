create table message_search (
  tenant_id  uuid     not null,
  message_id uuid     not null,
  words      tsvector not null,
  constraint message_search_pk primary key (tenant_id, message_id),
  constraint message_search_message_fk foreign key (tenant_id, message_id)
    references message (tenant_id, message_id) on delete cascade
);
create index message_search_words_idx on message_search using gin (words);

comment on table message_search is 'The words of each message that can be searched; written once, when its text is known.';
comment on column message_search.words is 'Words as the service cuts them, and where the message is: u:<owner> and c:<conversation>.';

create index conversation_member_shared_idx on conversation_member (tenant_id, user_id, last_activity_at desc)
  where role <> 'OWNER';
