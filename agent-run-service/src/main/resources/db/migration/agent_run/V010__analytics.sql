create table analytics_event (
  tenant_id       uuid        not null,
  user_id         uuid        not null,
  event_id        uuid        not null,
  name            text        not null constraint analytics_event_name_check check (length(name) between 1 and 128),
  agent_id        uuid,
  session_id      uuid,
  conversation_id uuid,
  properties      jsonb       not null constraint analytics_event_properties_check check (jsonb_typeof(properties) = 'object'),
  occurred_at     timestamptz not null,
  recorded_at     timestamptz not null,
  constraint analytics_event_pk primary key (tenant_id, user_id, event_id)
);
create index analytics_event_time_idx on analytics_event (tenant_id, occurred_at);
create index analytics_event_name_idx on analytics_event (tenant_id, name, occurred_at);
-- What is too old.
create index analytics_event_recorded_idx on analytics_event (recorded_at);
comment on table analytics_event is 'What a user did with an application, as the application told it. It goes with the user, and after a while.';

create table bi_reader (
  tenant_id uuid not null,
  role_name name not null,
  constraint bi_reader_pk primary key (tenant_id, role_name)
);
comment on table bi_reader is 'Which tenants a database role may see through the bi_ views. Written by provisioning.';

-- What business intelligence reads. A role sees the rows of its tenants and nothing else; no text that somebody wrote is among them but
-- names of models, of providers and of what is counted. The barrier keeps a reader's own conditions from seeing the rows of others.
create view bi_usage_event with (security_barrier) as
  select e.tenant_id, e.event_id, e.occurred_at, e.recorded_at, e.provider, e.model, e.tier, e.region, e.batch, e.user_id, e.agent_id, e.run_id,
    e.session_id, e.conversation_id, e.project_id, e.message_id, e.usage_state, e.price_state, e.total as cost, e.reported_cost, e.late, e.over_hold
  from usage_event e where e.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_usage_event is 'A call of a model: who it was for, and what it cost in US dollars. No cost: there is no price.';

create view bi_usage_quantity with (security_barrier) as
  select q.tenant_id, q.event_id, q.reading, q.model, q.unit, q.direction, q.quantity
  from usage_quantity q where q.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_usage_quantity is 'What a call used, in units that do not overlap.';

create view bi_usage_line with (security_barrier) as
  select l.tenant_id, l.event_id, l.number, l.kind, l.reverses, l.model, l.unit, l.quantity, l.unit_price, l.per, l.cost, l.price_version_id, l.created_at
  from usage_line l where l.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_usage_line is 'What was charged for a call, line by line, in US dollars. What a line takes back is negative.';

create view bi_usage_day_model with (security_barrier) as
  select d.tenant_id, d.day, d.provider, d.model, d.events, d.unpriced_events, d.input_tokens, d.output_tokens, d.cost
  from usage_day_model d where d.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_usage_day_model is 'Usage of each model on each day (UTC).';

create view bi_usage_day_user with (security_barrier) as
  select d.tenant_id, d.day, nullif(d.user_id, '00000000-0000-0000-0000-000000000000') as user_id, d.events, d.unpriced_events, d.input_tokens,
    d.output_tokens, d.cost
  from usage_day_user d where d.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_usage_day_user is 'Usage of each user on each day (UTC). No user: nobody, or one who was erased.';

create view bi_usage_day_agent_model with (security_barrier) as
  select d.tenant_id, d.day, nullif(d.agent_id, '00000000-0000-0000-0000-000000000000') as agent_id, d.provider, d.model, d.events,
    d.unpriced_events, d.input_tokens, d.output_tokens, d.cost
  from usage_day_agent_model d where d.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_usage_day_agent_model is 'Usage of each model by each agent on each day (UTC).';

create view bi_run with (security_barrier) as
  select x.tenant_id, x.run_id, x.user_id, x.agent_id, x.agent_version, x.type, x.state, x.session_id, x.conversation_id, x.parent_run_id,
    x.retry_of_run_id, x.error_reason, x.attempt, x.step_count, x.active_ms, x.created_at, x.started_at, x.ended_at
  from run x where x.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_run is 'A run of an agent: for whom, what became of it, and how long it took.';

create view bi_session with (security_barrier) as
  select s.tenant_id, s.session_id, s.owner_id, s.project_id, s.conversation_id, s.type, s.state, s.phase, s.run_count, s.active_ms, s.error_code,
    s.created_at, s.ended_at
  from session s where s.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_session is 'A session: whose, in which phase, and what became of it.';

create view bi_budget_period with (security_barrier) as
  select p.tenant_id, p.budget_id, b.scope, b.scope_id, b.period, p.starts_at, b.limit_amount, b.hard, p.settled, p.held
  from budget_period p join budget b on b.tenant_id = p.tenant_id and b.budget_id = p.budget_id
  where p.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_budget_period is 'What was spent of a budget in a period of it, in US dollars. Its limit is that of now.';

create view bi_analytics_event with (security_barrier) as
  select a.tenant_id, a.event_id, a.name, a.user_id, a.agent_id, a.session_id, a.conversation_id, a.occurred_at, a.recorded_at
  from analytics_event a where a.tenant_id in (select r.tenant_id from bi_reader r where r.role_name = current_user);
comment on view bi_analytics_event is 'What a user did with an application.';
