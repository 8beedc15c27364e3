// Messages and runs by express and node-pg, as such applications are usually written: a pool, prepared statements, one transaction for an
// append. Nobody is authenticated; the caller is the member that the environment names.
import express from 'express';
import pg from 'pg';
import { live } from './live.js';
import { runs } from './runs.js';

const { TENANT: tenant, MEMBER: member } = process.env;
const pool = new pg.Pool({ max: 8 });
const app = express();
app.use(express.json());

const lock = `
  update conversation
  set last_event_seq = last_event_seq + 1, message_count = message_count + 1, preview = left($4, 200),
      last_event_at = greatest(last_event_at, clock_timestamp()), last_activity_at = greatest(last_activity_at, clock_timestamp())
  where tenant_id = $1 and conversation_id = $2 and deleted_at is null
    and exists (select 1 from conversation_member
                where tenant_id = $1 and conversation_id = $2 and user_id = $3 and role in ('EDITOR', 'OWNER'))
  returning last_event_seq, last_activity_at, last_event_at`;
const place = `
  update branch set leaf_depth = leaf_depth + 1, leaf_message_id = $3
  where tenant_id = $1 and conversation_id = $2 and branch_no = 0 returning leaf_depth`;
const insert = `
  insert into message (tenant_id, message_id, conversation_id, branch_no, depth, seq, role, state, state_reason, parts, parts_seq,
    content_text, size_bytes, attachment_count, author_id, model, finish_reason, metadata, version, created_at, updated_at)
  values ($1, $2, $3, 0, $4, $5, $6, 'COMPLETE', '', $7, $5, $8, octet_length($8), 0, $9, '', '', '{}', 1, $10, $10)
  returning *`;
const tell = `
  insert into conversation_event (tenant_id, conversation_id, seq, type, message_id, created_at)
  values ($1, $2, $3, 'MESSAGE_CREATED', $4, $5)`;
const page = `
  select * from message
  where tenant_id = $1 and conversation_id = $2 and branch_no = 0 and depth >= $4
    and exists (select 1 from conversation c join conversation_member m using (tenant_id, conversation_id)
                where c.tenant_id = $1 and c.conversation_id = $2 and c.deleted_at is null and m.user_id = $3)
  order by depth limit $5`;

const notify = `select pg_notify('said', $1)`;

async function append(conversation, { role, content }, live) {
  const client = await pool.connect();
  const run = (name, text, values) => client.query({ name, text, values }).then((result) => result.rows[0]);
  try {
    await client.query('begin');
    const id = crypto.randomUUID();
    const locked = await run('lock', lock, [tenant, conversation, member, content]);
    if (!locked) throw new Error('not found');
    const leaf = await run('place', place, [tenant, conversation, id]);
    const message = await run('insert', insert, [tenant, id, conversation, leaf.leaf_depth, locked.last_event_seq, role,
      JSON.stringify([{ text: content }]), content, member, locked.last_activity_at]);
    await run('tell', tell, [tenant, conversation, locked.last_event_seq, id, locked.last_event_at]);
    if (live) await run('notify', notify, [JSON.stringify(json(message))]);
    await client.query('commit');
    return message;
  } catch (failure) {
    await client.query('rollback');
    throw failure;
  } finally {
    client.release();
  }
}

function json(row) {
  return {
    id: row.message_id,
    conversation_id: row.conversation_id,
    role: row.role,
    content: row.content_text,
    parts: row.parts,
    state: `STATE_${row.state}`,
    seq: row.seq,
    depth: row.depth,
    author_id: row.author_id,
    model: row.model || undefined,
    metadata: row.metadata,
    created_at: row.created_at,
    updated_at: row.updated_at,
    etag: `"${row.version}"`,
  };
}

app.post('/conversations/:id/messages', async (request, response) => {
  const live = request.query.live === 'true';
  response.status(201).json(json(await append(request.params.id, request.body, live)));
});

app.get('/conversations/:id/messages', async (request, response) => {
  const size = Number(request.query.page_size ?? 50);
  const values = [tenant, request.params.id, member, 0, size + 1];
  const { rows } = await pool.query({ name: 'page', text: page, values });
  response.json({ messages: rows.slice(0, size).map(json), next_page_token: rows.length > size ? String(rows[size].depth) : '' });
});

await live(app);
runs(app, pool, process.env);
const server = app.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
