-- The newest messages of the caller's that have a word, with the right to read them.
\set n random(1, 100)
with found as materialized (
  select tenant_id, conversation_id, message_id, created_at from message_search
  where words @@ (select ('''w' || :n::int || ''' & ''u:' || :member::text || '''')::tsquery)
), newest as materialized (
  select f.*, c.title from (select * from found where tenant_id = :tenant::uuid order by created_at desc, message_id desc) f
  cross join lateral (select title from conversation c
    where c.tenant_id = :tenant::uuid and c.conversation_id = f.conversation_id and c.deleted_at is null
      and exists (select 1 from conversation_member a
        where a.tenant_id = :tenant::uuid and a.conversation_id = c.conversation_id and a.user_id = :member::uuid) limit 1) c
  order by f.created_at desc, f.message_id desc limit 51
)
select m.message_id, m.conversation_id, n.title, m.role, m.created_at, left(m.content_text, 200000)
from newest n join message m on m.tenant_id = :tenant::uuid and m.message_id = n.message_id
order by m.created_at desc, m.message_id desc;
