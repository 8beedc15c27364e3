-- The newest messages of the caller's that have a word, with the right to read them.
\set n random(1, 100)
select m.message_id, m.conversation_id, c.title, m.role, m.created_at, left(m.content_text, 200000)
from message_search s
join message m on m.tenant_id = s.tenant_id and m.message_id = s.message_id
join conversation c on c.tenant_id = m.tenant_id and c.conversation_id = m.conversation_id
where s.tenant_id = :tenant::uuid
  and s.words @@ ('''w' || :n::int || ''' & ''u:' || :member::text || '''')::tsquery
  and c.deleted_at is null
  and exists (select 1 from conversation_member a
    where a.tenant_id = :tenant::uuid and a.conversation_id = c.conversation_id and a.user_id = :member::uuid)
order by m.created_at desc, m.message_id desc limit 51;
