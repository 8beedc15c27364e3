-- Conversations of one line each, as long as they should be; all of the member's, or of people who have ten each. Their ids, and those of their
-- messages, follow from their numbers. There are a thousand texts, of words some of which everybody uses.
set session_replication_role = replica;
select setseed(0);
create temp table text as
  select row_number() over () - 1 as no, words, to_tsvector('simple', words) as vector
  from (select string_agg('w' || (20000 * power(random(), 3))::int, ' ') as words from generate_series(0, 39999) i group by i % 1000) texts;
create temp table chat as
  select n, (:prefix || lpad(to_hex(:first + n), 12, '0'))::uuid as conversation_id,
    case when :others then md5('person ' || n / 10)::uuid else :member end as user_id, now() - interval '1 second' * n as at
  from generate_series(1, :conversations) n;
create temp table said as
  select chat.*, depth, (:prefix || lpad(to_hex((:first + n)::bigint * 1048576 + depth), 12, '0'))::uuid as message_id, words,
    vector || array_to_tsvector(array['u:' || user_id, 'c:' || conversation_id]) as vector
  from chat cross join generate_series(0, :messages - 1) depth join text on no = (n * 7919 + depth) % 1000;
insert into conversation (tenant_id, conversation_id, owner_id, title, model, temporary, metadata, message_count, preview, last_branch_no,
  last_event_seq, version, created_at, updated_at, last_activity_at, last_event_at)
select :tenant, conversation_id, user_id, 'Measured', '', false, '{}', :messages, '', 0, :messages, 1, at, at, at, at from chat;
insert into conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at)
select :tenant, conversation_id, user_id, 'OWNER', at, at from chat;
insert into branch (tenant_id, conversation_id, branch_no, leaf_depth, leaf_message_id)
select :tenant, conversation_id, 0, depth, message_id from said where depth = :messages - 1;
insert into message (tenant_id, message_id, conversation_id, branch_no, depth, seq, role, state, state_reason, parts, parts_seq, content_text,
  size_bytes, attachment_count, author_id, model, finish_reason, metadata, version, created_at, updated_at)
select :tenant, message_id, conversation_id, 0, depth, depth + 1, 'user', 'COMPLETE', '', jsonb_build_array(jsonb_build_object('text', words)),
  depth + 1, words, octet_length(words), 0, user_id, '', '', '{}', 1, at + interval '1 ms' * depth, at
from said;
insert into conversation_event (tenant_id, conversation_id, seq, type, message_id, created_at)
select :tenant, conversation_id, depth + 1, 'MESSAGE_CREATED', message_id, at + interval '1 ms' * depth from said;
drop index message_search_words_idx;
insert into message_search (tenant_id, message_id, conversation_id, role, created_at, words)
select :tenant, message_id, conversation_id, 'user', at + interval '1 ms' * depth, vector from said;
set maintenance_work_mem = '256MB';
create index message_search_words_idx on message_search using gin (words);
drop table text, chat, said;
