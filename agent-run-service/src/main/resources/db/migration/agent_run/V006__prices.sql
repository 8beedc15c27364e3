create table price_version (
  tenant_id        uuid        not null,
  price_version_id uuid        not null,
  provider         text        not null constraint price_version_provider_check check (length(provider) between 1 and 64),
  model            text        not null constraint price_version_model_check check (length(model) between 1 and 255),
  tier             text        not null constraint price_version_tier_check check (length(tier) <= 32),
  batch            boolean     not null,
  region           text        not null constraint price_version_region_check check (length(region) <= 64),
  daily_from       int         not null,
  daily_until      int         not null,
  valid_from       timestamptz,
  valid_until      timestamptz,
  source           text        not null constraint price_version_source_check check (source in ('BUILT_IN', 'IMPORTED', 'MANUAL')),
  created_at       timestamptz not null,
  withdrawn_at     timestamptz,
  constraint price_version_pk primary key (tenant_id, price_version_id),
  constraint price_version_daily_check
    check ((daily_from = -1 and daily_until = 0) or (daily_from >= 0 and daily_from < daily_until and daily_until <= 1440)),
  constraint price_version_period_check check (valid_from < valid_until),
  -- At any time one price at most for the same thing. What was withdrawn is history.
  constraint price_version_validity_exclusion exclude using gist (
    tenant_id with =, provider with =, model with =, tier with =, batch with =, region with =,
    int4range(daily_from, daily_until) with &&, tstzrange(valid_from, valid_until) with &&) where (withdrawn_at is null)
);
create index price_version_list_idx on price_version (tenant_id, provider, model, price_version_id);

comment on table price_version is 'What a model costs for a while. Everybody''s prices lie under the tenant 00000000-0000-0000-0000-000000000000.';
comment on column price_version.tier is 'The service tier; empty: the standard one.';
comment on column price_version.region is 'For this region only; empty: for all that have no price of their own.';
comment on column price_version.daily_from is 'The first minute of the day of UTC; -1: the whole day, where no part of it has a price of its own.';
comment on column price_version.valid_from is 'Null: it always was.';
comment on column price_version.withdrawn_at is 'Set: another version took its place altogether, or somebody took it away.';

create table price_rate (
  tenant_id        uuid    not null,
  price_version_id uuid    not null,
  unit             text    not null constraint price_rate_unit_check check (length(unit) between 1 and 32),
  above            int     not null constraint price_rate_above_check check (above >= 0),
  unit_price       numeric not null constraint price_rate_unit_price_check check (unit_price >= 0),
  per              numeric not null constraint price_rate_per_check check (per > 0),
  constraint price_rate_pk primary key (tenant_id, price_version_id, unit, above),
  constraint price_rate_version_fk foreign key (tenant_id, price_version_id)
    references price_version (tenant_id, price_version_id) on delete cascade
);

comment on table price_rate is 'What a unit costs, in US dollars, of calls whose input is larger than so many tokens. A version without any is free of charge.';
