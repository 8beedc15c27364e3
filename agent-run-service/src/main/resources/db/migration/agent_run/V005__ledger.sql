create table usage_event (
  tenant_id       uuid        not null,
  event_id        uuid        not null,
  idempotency_key text        not null constraint usage_event_idempotency_key_check check (length(idempotency_key) between 1 and 255),
  request_hash    bytea       not null constraint usage_event_request_hash_check check (octet_length(request_hash) = 32),
  provider        text        not null constraint usage_event_provider_check check (length(provider) between 1 and 128),
  model           text        not null constraint usage_event_model_check check (length(model) between 1 and 255),
  flavor          text        not null constraint usage_event_flavor_check check (length(flavor) <= 64),
  tier            text        not null constraint usage_event_tier_check check (length(tier) <= 64),
  region          text        not null constraint usage_event_region_check check (length(region) <= 64),
  batch           boolean     not null,
  user_id         uuid,
  agent_id        uuid,
  run_id          uuid,
  step_key        text        constraint usage_event_step_key_check check (length(step_key) between 1 and 255),
  session_id      uuid,
  conversation_id uuid,
  project_id      uuid,
  message_id      uuid,
  hold_id         uuid,
  raw             text        constraint usage_event_raw_check check (octet_length(raw) <= 131072),
  usage_state     text        not null
    constraint usage_event_usage_state_check check (usage_state in ('REPORTED', 'PARTIAL', 'ESTIMATED', 'MISSING', 'INVALID')),
  price_state     text        not null
    constraint usage_event_price_state_check check (price_state in ('PRICED', 'REPORTED', 'UNPRICED')),
  warnings        text        not null,
  reported_cost   numeric,
  variance        numeric,
  total           numeric(38, 12),
  late            boolean     not null,
  over_hold       boolean     not null,
  line_count      int         not null constraint usage_event_line_count_check check (line_count >= 0),
  occurred_at     timestamptz not null,
  recorded_at     timestamptz not null,
  constraint usage_event_pk primary key (tenant_id, event_id),
  constraint usage_event_idempotency_unique unique (tenant_id, idempotency_key),
  constraint usage_event_total_check check ((price_state = 'UNPRICED') = (total is null)),
  constraint usage_event_reported_check check (price_state <> 'REPORTED' or reported_cost is not null),
  constraint usage_event_variance_check check (variance is null or reported_cost is not null)
) with (fillfactor = 90);
create index usage_event_time_idx on usage_event (tenant_id, occurred_at, event_id);
create index usage_event_user_idx on usage_event (tenant_id, user_id, occurred_at) where user_id is not null;
create index usage_event_run_idx on usage_event (tenant_id, run_id) where run_id is not null;
create index usage_event_session_idx on usage_event (tenant_id, session_id) where session_id is not null;
create index usage_event_message_idx on usage_event (tenant_id, message_id) where message_id is not null;
create index usage_event_hold_idx on usage_event (tenant_id, hold_id) where hold_id is not null;
-- What is priced as soon as there is a price.
create index usage_event_unpriced_idx on usage_event (tenant_id, provider, model, event_id) where price_state = 'UNPRICED';
comment on table usage_event is 'What a call of a provider used, as it was told, once for each idempotency key. It outlives what it was used for, and the user, whom it then names no more.';
comment on column usage_event.provider is 'With the model: what the call was to. Lines and quantities may be of other models that served it.';
comment on column usage_event.warnings is 'What was odd about the report, a line each.';
comment on column usage_event.raw is 'What the provider told, as it was told: JSON, or what should have been.';
comment on column usage_event.variance is 'The cost that the provider told, less the cost by the price book; null: one of them is not known.';
comment on column usage_event.total is 'The sum of the lines. Null: there is no price, which is not a cost of nothing.';
comment on column usage_event.late is 'The lease had ended, or the run: the usage counts, and changes nothing of the run.';
comment on column usage_event.over_hold is 'It cost more than was reserved for it.';
comment on column usage_event.line_count is 'Numbers the lines. Whoever adds lines locks the row.';

create table usage_line (
  tenant_id        uuid        not null,
  event_id         uuid        not null,
  number           int         not null constraint usage_line_number_check check (number > 0),
  kind             text        not null constraint usage_line_kind_check check (kind in ('CHARGE', 'REPRICE', 'CORRECTION')),
  reverses         int,
  model            text        not null constraint usage_line_model_check check (length(model) between 1 and 255),
  unit             text        not null constraint usage_line_unit_check check (length(unit) between 1 and 64),
  quantity         numeric     not null,
  unit_price       numeric     not null,
  per              numeric     not null constraint usage_line_per_check check (per > 0),
  cost             numeric(38, 12) not null,
  price_version_id uuid,
  created_at       timestamptz not null,
  constraint usage_line_pk primary key (tenant_id, event_id, number),
  constraint usage_line_reverses_unique unique (tenant_id, event_id, reverses),
  constraint usage_line_event_fk foreign key (tenant_id, event_id) references usage_event (tenant_id, event_id) on delete cascade,
  constraint usage_line_reversed_fk foreign key (tenant_id, event_id, reverses) references usage_line (tenant_id, event_id, number),
  constraint usage_line_reversal_check check (reverses is null or reverses < number),
  -- A line is negative where it takes another back, and nowhere else.
  constraint usage_line_sign_check check ((reverses is null and quantity >= 0 and unit_price >= 0) or (reverses is not null and quantity <= 0)),
  -- Rounded once, by at most half of the last place.
  constraint usage_line_cost_check check (abs(cost * per - quantity * unit_price) * 2 <= per * 0.000000000001)
);
comment on table usage_line is 'Append-only: what was charged, line by line. A line is taken back by one that reverses it, and never changed.';
comment on column usage_line.price_version_id is 'The version of the price; null: the provider told the cost.';

create table usage_quantity (
  tenant_id uuid    not null,
  event_id  uuid    not null,
  reading   int     not null constraint usage_quantity_reading_check check (reading > 0),
  model     text    not null,
  unit      text    not null constraint usage_quantity_unit_check check (length(unit) between 1 and 64),
  direction text    not null constraint usage_quantity_direction_check check (direction in ('INPUT', 'OUTPUT', 'OTHER')),
  quantity  numeric not null constraint usage_quantity_quantity_check check (quantity >= 0),
  constraint usage_quantity_pk primary key (tenant_id, event_id, reading, unit),
  constraint usage_quantity_event_fk foreign key (tenant_id, event_id) references usage_event (tenant_id, event_id) on delete cascade
);
comment on table usage_quantity is 'What was used, in units that do not overlap, whether it has a price or not.';
comment on column usage_quantity.reading is 'Numbers the calls of models that the one call was made of: their contexts are not added up.';
comment on column usage_quantity.direction is 'What the unit counts: tokens that went in, tokens that came out, or something else.';

create view usage_fact as
  with fact as (
    select tenant_id, event_id, model, 1::bigint as events, (price_state = 'UNPRICED')::int::bigint as unpriced_events,
      0::numeric as input_tokens, 0::numeric as output_tokens, 0::numeric as cost
    from usage_event
    union all
    select tenant_id, event_id, model, 0, 0, case direction when 'INPUT' then quantity else 0 end,
      case direction when 'OUTPUT' then quantity else 0 end, 0
    from usage_quantity
    union all
    select tenant_id, event_id, model, 0, 0, 0, 0, cost from usage_line)
  select e.tenant_id, e.event_id, e.occurred_at,
    date_bin('15 minutes', e.occurred_at, timestamptz '2000-01-01 00:00:00+00') as quarter,
    (e.occurred_at at time zone 'UTC')::date as day,
    date_trunc('month', e.occurred_at at time zone 'UTC')::date as month,
    coalesce(e.user_id, '00000000-0000-0000-0000-000000000000') as user_id,
    coalesce(e.agent_id, '00000000-0000-0000-0000-000000000000') as agent_id,
    e.run_id, e.session_id, e.conversation_id, e.project_id, e.message_id, e.hold_id,
    e.provider, e.tier, f.model, f.events, f.unpriced_events, f.input_tokens, f.output_tokens, f.cost
  from usage_event e join fact f on f.tenant_id = e.tenant_id and f.event_id = e.event_id;
comment on view usage_fact is 'The ledger as rows that can be added up: what the rollups are sums of. No user and no agent are the id of zeros.';

create table usage_quarter_model (
  tenant_id       uuid            not null,
  quarter         timestamptz     not null,
  provider        text            not null,
  model           text            not null,
  events          bigint          not null,
  unpriced_events bigint          not null,
  input_tokens    numeric         not null,
  output_tokens   numeric         not null,
  cost            numeric(38, 12) not null,
  constraint usage_quarter_model_pk primary key (tenant_id, quarter, provider, model)
) with (fillfactor = 70);
comment on table usage_quarter_model is 'Usage of each model in each quarter of an hour: of these the days of every time zone are made.';

create table usage_day_model (
  tenant_id       uuid            not null,
  day             date            not null,
  provider        text            not null,
  model           text            not null,
  events          bigint          not null,
  unpriced_events bigint          not null,
  input_tokens    numeric         not null,
  output_tokens   numeric         not null,
  cost            numeric(38, 12) not null,
  constraint usage_day_model_pk primary key (tenant_id, day, provider, model)
) with (fillfactor = 70);
comment on table usage_day_model is 'Usage of each model on each day (UTC).';

create table usage_day_user (
  tenant_id       uuid            not null,
  day             date            not null,
  user_id         uuid            not null,
  events          bigint          not null,
  unpriced_events bigint          not null,
  input_tokens    numeric         not null,
  output_tokens   numeric         not null,
  cost            numeric(38, 12) not null,
  constraint usage_day_user_pk primary key (tenant_id, day, user_id)
) with (fillfactor = 70);
create index usage_day_user_user_idx on usage_day_user (tenant_id, user_id);
comment on table usage_day_user is 'Usage of each user on each day (UTC). Nobody, and whoever was erased, is the id of zeros.';

create table usage_day_agent_model (
  tenant_id       uuid            not null,
  day             date            not null,
  agent_id        uuid            not null,
  provider        text            not null,
  model           text            not null,
  events          bigint          not null,
  unpriced_events bigint          not null,
  input_tokens    numeric         not null,
  output_tokens   numeric         not null,
  cost            numeric(38, 12) not null,
  constraint usage_day_agent_model_pk primary key (tenant_id, day, agent_id, provider, model)
) with (fillfactor = 70);
comment on table usage_day_agent_model is 'Usage of each model by each agent on each day (UTC). No agent is the id of zeros.';

create table usage_month_user (
  tenant_id       uuid            not null,
  month           date            not null,
  user_id         uuid            not null,
  events          bigint          not null,
  unpriced_events bigint          not null,
  input_tokens    numeric         not null,
  output_tokens   numeric         not null,
  cost            numeric(38, 12) not null,
  constraint usage_month_user_pk primary key (tenant_id, month, user_id)
) with (fillfactor = 70);
create index usage_month_user_user_idx on usage_month_user (tenant_id, user_id);
comment on table usage_month_user is 'Usage of each user in each month (UTC). Nobody, and whoever was erased, is the id of zeros.';

create table usage_total (
  tenant_id       uuid            not null,
  subject         text            not null
    constraint usage_total_subject_check check (subject in ('RUN', 'SESSION', 'CONVERSATION', 'PROJECT')),
  subject_id      uuid            not null,
  events          bigint          not null,
  unpriced_events bigint          not null,
  input_tokens    numeric         not null,
  output_tokens   numeric         not null,
  cost            numeric(38, 12) not null,
  constraint usage_total_pk primary key (tenant_id, subject, subject_id)
) with (fillfactor = 70);
comment on table usage_total is 'Usage of each run, session, conversation and project.';

create table budget_tenant (
  tenant_id uuid not null,
  constraint budget_tenant_pk primary key (tenant_id)
);
comment on table budget_tenant is 'Whoever writes usage shares the row, whoever makes or changes a budget has it alone: no usage passes a budget by.';

create table budget (
  tenant_id    uuid        not null,
  budget_id    uuid        not null,
  name         text        not null constraint budget_name_check check (length(name) between 1 and 255),
  scope        text        not null
    constraint budget_scope_check check (scope in ('TENANT', 'PROJECT', 'USER', 'AGENT', 'SESSION', 'RUN')),
  scope_id     uuid        not null,
  period       text        not null constraint budget_period_check check (period in ('DAY', 'WEEK', 'MONTH', 'TOTAL')),
  limit_amount numeric(38, 12) not null constraint budget_limit_amount_check check (limit_amount >= 0),
  hard         boolean     not null,
  thresholds   int[]       not null,
  version      bigint      not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint budget_pk primary key (tenant_id, budget_id)
);
create index budget_scope_idx on budget (tenant_id, scope, scope_id);
comment on table budget is 'How much may be spent on something in a period. A hard one lets nothing be reserved beyond its limit.';
comment on column budget.scope_id is 'Of the tenant: the tenant.';
comment on column budget.thresholds is 'Percentages of the limit, each of which is told of once in a period.';

create table budget_period (
  tenant_id uuid            not null,
  budget_id uuid            not null,
  starts_at timestamptz     not null,
  settled   numeric(38, 12) not null,
  held      numeric(38, 12) not null constraint budget_period_held_check check (held >= 0),
  constraint budget_period_pk primary key (tenant_id, budget_id, starts_at),
  constraint budget_period_budget_fk foreign key (tenant_id, budget_id) references budget (tenant_id, budget_id) on delete cascade
) with (fillfactor = 70);
comment on table budget_period is 'What was spent of a budget in one of its periods, and what is reserved.';

create table budget_hold (
  tenant_id    uuid            not null,
  hold_id      uuid            not null,
  user_id      uuid,
  agent_id     uuid,
  run_id       uuid,
  session_id   uuid,
  project_id   uuid,
  amount       numeric(38, 12) not null constraint budget_hold_amount_check check (amount > 0),
  state        text            not null
    constraint budget_hold_state_check check (state in ('OPEN', 'SETTLED', 'RELEASED', 'EXPIRED')),
  created_at   timestamptz     not null,
  expires_at   timestamptz     not null,
  ended_at     timestamptz,
  constraint budget_hold_pk primary key (tenant_id, hold_id),
  constraint budget_hold_ended_check check ((state = 'OPEN') = (ended_at is null))
);
create index budget_hold_expiry_idx on budget_hold (expires_at) where state = 'OPEN';
create index budget_hold_user_idx on budget_hold (tenant_id, user_id) where user_id is not null;
comment on table budget_hold is 'What is reserved for usage to come, in every budget that it will count in.';

create table budget_hold_period (
  tenant_id uuid        not null,
  hold_id   uuid        not null,
  budget_id uuid        not null,
  starts_at timestamptz not null,
  constraint budget_hold_period_pk primary key (tenant_id, hold_id, budget_id),
  constraint budget_hold_period_hold_fk foreign key (tenant_id, hold_id) references budget_hold (tenant_id, hold_id) on delete cascade,
  constraint budget_hold_period_period_fk foreign key (tenant_id, budget_id, starts_at)
    references budget_period (tenant_id, budget_id, starts_at) on delete cascade
);
create index budget_hold_period_period_idx on budget_hold_period (tenant_id, budget_id, starts_at);
comment on table budget_hold_period is 'The periods in which a hold counts: what is settled of it counts there, whenever it happened.';

create table budget_alert (
  tenant_id  uuid        not null,
  budget_id  uuid        not null,
  starts_at  timestamptz not null,
  threshold  int         not null constraint budget_alert_threshold_check check (threshold between 1 and 1000),
  settled    numeric(38, 12) not null,
  created_at timestamptz not null,
  constraint budget_alert_pk primary key (tenant_id, budget_id, starts_at, threshold),
  constraint budget_alert_period_fk foreign key (tenant_id, budget_id, starts_at)
    references budget_period (tenant_id, budget_id, starts_at) on delete cascade
);
comment on table budget_alert is 'That a threshold of a budget was reached in a period: once.';

create table budget_pause (
  tenant_id uuid        not null,
  run_id    uuid        not null,
  budget_id uuid        not null,
  paused_at timestamptz not null,
  constraint budget_pause_pk primary key (tenant_id, run_id, budget_id),
  constraint budget_pause_run_fk foreign key (tenant_id, run_id) references run (tenant_id, run_id) on delete cascade,
  constraint budget_pause_budget_fk foreign key (tenant_id, budget_id) references budget (tenant_id, budget_id) on delete cascade
);
create index budget_pause_budget_idx on budget_pause (tenant_id, budget_id);
comment on table budget_pause is 'The runs that wait because a budget is spent; they go on when it is not.';
