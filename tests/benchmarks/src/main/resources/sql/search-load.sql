-- Messages of people of ten tenants, ten in each of ten conversations, of words some of which everybody uses; the member is one of the people,
-- and a hundred conversations of others are shared with it.
set session_replication_role = replica;
create temp table chat as
  select case when n % 10 = 0 then :tenant else md5('tenant ' || n % 10)::uuid end as tenant_id,
    case when n = 0 then :member else md5('person ' || n)::uuid end as user_id,
    uuidv7() as conversation_id, now() - interval '1 second' * (n * 10 + c) as at
  from generate_series(0, :messages / 100 - 1) n, generate_series(1, 10) c;
insert into conversation (tenant_id, conversation_id, owner_id, title, model, temporary, metadata, message_count, preview, last_branch_no,
  last_event_seq, version, created_at, updated_at, last_activity_at, last_event_at)
select tenant_id, conversation_id, user_id, 'Searched', '', false, '{}', 10, '', 0, 10, 1, at, at, at, at from chat;
insert into branch (tenant_id, conversation_id, branch_no, leaf_depth) select tenant_id, conversation_id, 0, 9 from chat;
insert into conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at)
select tenant_id, conversation_id, user_id, 'OWNER', at, at from chat
union all
(select tenant_id, conversation_id, :member, 'VIEWER', at, at from chat where tenant_id = :tenant and user_id <> :member limit 100);
create temp table said as
  select chat.*, depth, uuidv7() as message_id,
    (select string_agg('w' || (20000 * power(random(), 3))::int, ' ') from generate_series(1, 40 + 0 * depth) where user_id is not null) as words
  from chat, generate_series(0, 9) depth;
insert into message (tenant_id, message_id, conversation_id, branch_no, depth, seq, role, state, state_reason, parts, parts_seq, content_text,
  size_bytes, attachment_count, author_id, model, finish_reason, metadata, version, created_at, updated_at)
select tenant_id, message_id, conversation_id, 0, depth, depth + 1, 'user', 'COMPLETE', '', jsonb_build_array(jsonb_build_object('text', words)),
  depth + 1, words, octet_length(words), 0, user_id, '', '', '{}', 1, at + interval '1 ms' * depth, at
from said;
drop index message_search_words_idx;
insert into message_search (tenant_id, message_id, conversation_id, role, created_at, words)
select tenant_id, message_id, conversation_id, 'user', at + interval '1 ms' * depth, to_tsvector('simple', words) || array_to_tsvector(array['u:' || user_id, 'c:' || conversation_id]) from said;
set maintenance_work_mem = '256MB';
create index message_search_words_idx on message_search using gin (words);
drop table chat, said;
analyze conversation, conversation_member, branch, message, message_search;
