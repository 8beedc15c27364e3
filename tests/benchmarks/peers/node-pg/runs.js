// Runs as such applications usually hand them out from a table: a transaction to take one, and a transaction for each event.
const next = `
  select * from agent_run.run
  where tenant_id = $1 and queue = $2 and state = 'QUEUED' and eligible_at <= clock_timestamp()
  order by eligible_at, run_id limit 1 for no key update skip locked`;
const lease = `
  update agent_run.run
  set state = 'RUNNING', attempt = attempt + 1, lease_epoch = lease_epoch + 1, holder_id = $3,
      lease_expires_at = clock_timestamp() + interval '1 minute', eligible_at = null,
      started_at = coalesce(started_at, clock_timestamp()), version = version + 1, updated_at = clock_timestamp()
  where tenant_id = $1 and run_id = $2 returning *`;
const hold = `
  insert into agent_run.run_lease (tenant_id, run_id, lease_epoch, principal_id, request_id, labels, acquired_at)
  values ($1, $2, $3, $4, '', '{}', clock_timestamp())`;
const begin = `
  insert into agent_run.event_stream (tenant_id, stream_id, subject, subject_id, month, last_seq, compacted_through_seq, last_event_at)
  values ($1, $2, 'RUN', $3, date_trunc('month', clock_timestamp() at time zone 'UTC')::date, 0, 0, clock_timestamp())`;
const number = `
  update agent_run.event_stream
  set last_seq = last_seq + 1, last_event_at = greatest(last_event_at, clock_timestamp())
  where tenant_id = $1 and subject = 'RUN' and subject_id = $2
  returning stream_id, month, last_seq, last_event_at`;
const tell = `
  insert into agent_run.run_event (tenant_id, stream_id, seq, month, event_id, run_id, user_id, category, kind, level, content,
    size_bytes, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'INFO', $10, octet_length($10), $11)`;
const held = `select user_id from agent_run.run where tenant_id = $1 and run_id = $2 and state = 'RUNNING'`;
const pinned = 'select * from agent_run.agent_version where tenant_id = $1 and agent_id = $2 and version = $3';

export function runs(app, pool, { TENANT: tenant, MEMBER: member }) {
  async function transaction(work) {
    const client = await pool.connect();
    const run = (name, text, values) => client.query({ name, text, values }).then((result) => result.rows[0]);
    try {
      await client.query('begin');
      const done = await work(run);
      await client.query('commit');
      return done;
    } catch (failure) {
      await client.query('rollback');
      throw failure;
    } finally {
      client.release();
    }
  }

  async function event(run, id, user, category, kind, content) {
    const place = await run('number', number, [tenant, id]);
    await run('tell run', tell, [tenant, place.stream_id, place.last_seq, place.month, crypto.randomUUID(), id, user, category, kind,
      content, place.last_event_at]);
    return place.last_seq;
  }

  app.post('/queues/:queue/acquire', async (request, response) => {
    const acquired = await transaction(async (run) => {
      const head = await run('next', next, [tenant, request.params.queue]);
      if (!head) throw new Error('nothing waits');
      const leased = await run('lease', lease, [tenant, head.run_id, member]);
      await run('hold', hold, [tenant, head.run_id, leased.lease_epoch, member]);
      await run('begin stream', begin, [tenant, crypto.randomUUID(), head.run_id]);
      await event(run, head.run_id, head.user_id, 'LIFECYCLE', 'run.running', '');
      return { run: leased, agent: await run('pinned', pinned, [tenant, head.agent_id, head.agent_version]) };
    });
    response.json(acquired);
  });

  app.post('/runs/:id/events', async (request, response) => {
    const { id } = request.params;
    const seq = await transaction(async (run) => {
      const holder = await run('held', held, [tenant, id]);
      if (!holder) throw new Error('not held');
      return event(run, id, holder.user_id, 'RESPONSE', 'text', request.body.content);
    });
    response.json({ seq });
  });
}
