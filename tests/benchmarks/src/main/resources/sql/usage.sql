-- Usage as a transaction of its own: the event, its lines and quantities, and the sums that it belongs to.
with event as (
  insert into agent_run.usage_event (tenant_id, event_id, idempotency_key, request_hash, provider, model, flavor, tier, region, batch,
    user_id, raw, usage_state, price_state, warnings, total, late, over_hold, line_count, occurred_at, recorded_at)
  select :tenant::uuid, uuidv7(), gen_random_uuid()::text, sha256('x'::bytea), 'openai', 'gpt-4.1', '', '', '', false,
    :member::uuid, '{"prompt_tokens": 1500, "completion_tokens": 300, "total_tokens": 1800}', 'REPORTED', 'PRICED', '', 0.0054, false,
    false, 2, now(), now()
  returning tenant_id, event_id, user_id, occurred_at
), line as (
  insert into agent_run.usage_line (tenant_id, event_id, number, kind, model, unit, quantity, unit_price, per, cost, created_at)
  select tenant_id, event_id, n, 'CHARGE', 'gpt-4.1', unit, quantity, price, 1000000, cost, now()
  from event, (values (1, 'input', 1500, 2, 0.003), (2, 'output', 300, 8, 0.0024)) as v (n, unit, quantity, price, cost)
), quantity as (
  insert into agent_run.usage_quantity (tenant_id, event_id, reading, model, unit, direction, quantity)
  select tenant_id, event_id, 1, 'gpt-4.1', unit, upper(unit), quantity
  from event, (values ('input', 1500), ('output', 300)) as v (unit, quantity)
), quarter as (
  insert into agent_run.usage_quarter_model as t
  select tenant_id, date_bin('15 minutes', occurred_at, timestamptz '2000-01-01 00:00:00+00'), 'openai', 'gpt-4.1', 1, 0, 1500, 300, 0.0054
  from event
  on conflict on constraint usage_quarter_model_pk do update set events = t.events + 1, input_tokens = t.input_tokens + 1500,
    output_tokens = t.output_tokens + 300, cost = t.cost + 0.0054
), day_model as (
  insert into agent_run.usage_day_model as t
  select tenant_id, (occurred_at at time zone 'UTC')::date, 'openai', 'gpt-4.1', 1, 0, 1500, 300, 0.0054 from event
  on conflict on constraint usage_day_model_pk do update set events = t.events + 1, input_tokens = t.input_tokens + 1500,
    output_tokens = t.output_tokens + 300, cost = t.cost + 0.0054
), day_user as (
  insert into agent_run.usage_day_user as t
  select tenant_id, (occurred_at at time zone 'UTC')::date, user_id, 1, 0, 1500, 300, 0.0054 from event
  on conflict on constraint usage_day_user_pk do update set events = t.events + 1, input_tokens = t.input_tokens + 1500,
    output_tokens = t.output_tokens + 300, cost = t.cost + 0.0054
), day_agent as (
  insert into agent_run.usage_day_agent_model as t
  select tenant_id, (occurred_at at time zone 'UTC')::date, '00000000-0000-0000-0000-000000000000', 'openai', 'gpt-4.1', 1, 0, 1500, 300,
    0.0054 from event
  on conflict on constraint usage_day_agent_model_pk do update set events = t.events + 1, input_tokens = t.input_tokens + 1500,
    output_tokens = t.output_tokens + 300, cost = t.cost + 0.0054
)
insert into agent_run.usage_month_user as t
select tenant_id, date_trunc('month', occurred_at at time zone 'UTC')::date, user_id, 1, 0, 1500, 300, 0.0054 from event
on conflict on constraint usage_month_user_pk do update set events = t.events + 1, input_tokens = t.input_tokens + 1500,
  output_tokens = t.output_tokens + 300, cost = t.cost + 0.0054;
