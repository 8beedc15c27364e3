-- A year of usage until yesterday: 20 models, 200 users, 50 agents. The sums are made of the same rows as the ledger.
set session_replication_role = replica;
create temp table used as
  select uuidv7() as id, n,
    date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '1 day' * (random() * 365) as at,
    'model-' || lpad((power(random(), 3) * 20)::int::text, 2, '0') as model,
    ('00000000-0000-7000-9000-' || lpad((n % 200)::text, 12, '0'))::uuid as user_id,
    ('00000000-0000-7000-a000-' || lpad((n % 50)::text, 12, '0'))::uuid as agent_id,
    (1 + random() * 5000)::int as input, (1 + random() * 500)::int as output
  from generate_series(1, :usages) n
  order by at;
insert into agent_run.usage_event (tenant_id, event_id, idempotency_key, request_hash, provider, model, flavor, tier, region, batch,
  user_id, agent_id, usage_state, price_state, warnings, total, late, over_hold, line_count, occurred_at, recorded_at)
select :tenant, id, 'loaded-' || n, sha256('x'::bytea), 'openai', model, '', '', '', false, user_id, agent_id, 'ESTIMATED', 'PRICED', '',
  input * 0.000002 + output * 0.000008, false, false, 2, at, at
from used;
insert into agent_run.usage_line (tenant_id, event_id, number, kind, model, unit, quantity, unit_price, per, cost, created_at)
select :tenant, id, 1, 'CHARGE', model, 'input', input, 2, 1000000, input * 0.000002, at from used
union all
select :tenant, id, 2, 'CHARGE', model, 'output', output, 8, 1000000, output * 0.000008, at from used;
insert into agent_run.usage_quantity (tenant_id, event_id, reading, model, unit, direction, quantity)
select :tenant, id, 1, model, 'input', 'INPUT', input from used
union all
select :tenant, id, 1, model, 'output', 'OUTPUT', output from used;
insert into agent_run.usage_quarter_model
select :tenant, date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00'), 'openai', model, count(*), 0, sum(input), sum(output),
  sum(input * 0.000002 + output * 0.000008) from used group by 2, model order by 2;
insert into agent_run.usage_day_model
select :tenant, (at at time zone 'UTC')::date, 'openai', model, count(*), 0, sum(input), sum(output),
  sum(input * 0.000002 + output * 0.000008) from used group by 2, model order by 2;
insert into agent_run.usage_day_user
select :tenant, (at at time zone 'UTC')::date, user_id, count(*), 0, sum(input), sum(output),
  sum(input * 0.000002 + output * 0.000008) from used group by 2, user_id order by 2;
insert into agent_run.usage_day_agent_model
select :tenant, (at at time zone 'UTC')::date, agent_id, 'openai', model, count(*), 0, sum(input), sum(output),
  sum(input * 0.000002 + output * 0.000008) from used group by 2, agent_id, model order by 2;
insert into agent_run.usage_month_user
select :tenant, date_trunc('month', at at time zone 'UTC')::date, user_id, count(*), 0, sum(input), sum(output),
  sum(input * 0.000002 + output * 0.000008) from used group by 2, user_id order by 2;
drop table used;
analyze agent_run.usage_event, agent_run.usage_line, agent_run.usage_quantity, agent_run.usage_quarter_model, agent_run.usage_day_model,
  agent_run.usage_day_user, agent_run.usage_day_agent_model, agent_run.usage_month_user;
