-- A search filters, sorts and cuts without a look at the messages, and finds those that were written before there was an index.

-- Written anew instead of updated: what an update leaves at the table's beginning has PostgreSQL take frequent words for rare ones.
set local maintenance_work_mem = '256MB';
alter table message_search rename to former_search;
alter table former_search drop constraint message_search_pk, drop constraint message_search_message_fk;
drop index message_search_words_idx;
create table message_search (
  tenant_id       uuid        not null,
  message_id      uuid        not null,
  conversation_id uuid        not null,
  role            text        not null,
  created_at      timestamptz not null,
  words           tsvector    not null
);
insert into message_search (tenant_id, message_id, conversation_id, role, created_at, words)
  select m.tenant_id, m.message_id, m.conversation_id, m.role, m.created_at, s.words
  from former_search s join message m on m.tenant_id = s.tenant_id and m.message_id = s.message_id;
drop table former_search;
alter table message_search
  add constraint message_search_pk primary key (tenant_id, message_id),
  add constraint message_search_message_fk foreign key (tenant_id, message_id)
    references message (tenant_id, message_id) on delete cascade;
create index message_search_words_idx on message_search using gin (words);

comment on table message_search is 'The words of each message that can be searched; written once, when its text is known.';
comment on column message_search.conversation_id is 'Of the message, as its role and its time are: none of them changes.';
comment on column message_search.words is 'Words as the service cuts them, and where the message is: u:<owner> and c:<conversation>.';

create table message_unsearched (
  tenant_id  uuid not null,
  message_id uuid not null,
  constraint message_unsearched_pk primary key (tenant_id, message_id),
  constraint message_unsearched_message_fk foreign key (tenant_id, message_id)
    references message (tenant_id, message_id) on delete cascade
);
insert into message_unsearched (tenant_id, message_id)
  select m.tenant_id, m.message_id from message m
  where m.content_text <> '' and m.state not in ('STREAMING', 'REDACTED')
    and not exists (select from message_search s where s.tenant_id = m.tenant_id and s.message_id = m.message_id);

comment on table message_unsearched is 'Messages that were written before there was an index and whose words are still to be written to it.';
