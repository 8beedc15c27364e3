create table revision_head (
  tenant_id     uuid   not null,
  space         text   not null constraint revision_head_space_check check (space in ('CONFIGURATION', 'FLAG')),
  last_revision bigint not null constraint revision_head_revision_check check (last_revision >= 0),
  constraint revision_head_pk primary key (tenant_id, space),
  constraint revision_head_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
comment on table revision_head is 'Allocator of a tenant''s revisions: its lock makes the order of commits the order of revisions.';

create table revision (
  tenant_id  uuid        not null,
  space      text        not null,
  revision   bigint      not null constraint revision_number_check check (revision > 0),
  kind       text        not null constraint revision_kind_check check (kind in ('CHANGE', 'ROLLBACK', 'IMPORT', 'SCHEDULED', 'DEFINITION')),
  changed_by uuid        not null,
  reason     text        not null constraint revision_reason_check check (length(reason) <= 1024),
  created_at timestamptz not null,
  constraint revision_pk primary key (tenant_id, space, revision),
  constraint revision_head_fk foreign key (tenant_id, space) references revision_head (tenant_id, space) on delete cascade
);
create index revision_time_idx on revision (tenant_id, space, created_at);
comment on table revision is 'One change of a tenant''s configuration, or of its flags, made whole or not at all.';

create table revision_item (
  tenant_id   uuid   not null,
  space       text   not null,
  revision    bigint not null,
  item_key    text   not null constraint revision_item_key_check check (length(item_key) between 1 and 255),
  environment text   not null constraint revision_item_environment_check check (length(environment) <= 32),
  value       text,
  fingerprint text,
  constraint revision_item_pk primary key (tenant_id, space, revision, item_key, environment),
  constraint revision_item_value_check check (value is null or fingerprint is null),
  constraint revision_item_revision_fk foreign key (tenant_id, space, revision) references revision (tenant_id, space, revision) on delete cascade
);
create index revision_item_history_idx on revision_item (tenant_id, space, item_key, environment, revision desc);
comment on table revision_item is 'What a revision made of one value.';
comment on column revision_item.environment is 'Empty for what the key itself means; "all" for the value of all environments.';
comment on column revision_item.value is 'Null where it was removed, and where it is a secret.';
comment on column revision_item.fingerprint is 'Of a secret: HMAC-SHA-256 under a key that is not in the database.';

create table scheduled_change (
  tenant_id     uuid        not null,
  scheduled_id  uuid        not null,
  space         text        not null constraint scheduled_change_space_check check (space in ('CONFIGURATION', 'FLAG')),
  apply_at      timestamptz not null,
  reason        text        not null constraint scheduled_change_reason_check check (length(reason) <= 1024),
  state         text        not null constraint scheduled_change_state_check check (state in ('PENDING', 'APPLIED', 'CANCELLED', 'FAILED')),
  revision      bigint      not null constraint scheduled_change_revision_check check (revision >= 0),
  failure       text        not null constraint scheduled_change_failure_check check (length(failure) <= 1024),
  scheduled_by  uuid        not null,
  credential_id text        not null,
  created_at    timestamptz not null,
  constraint scheduled_change_pk primary key (tenant_id, scheduled_id),
  constraint scheduled_change_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
create index scheduled_change_list_idx on scheduled_change (tenant_id, space, scheduled_id desc);
create index scheduled_change_due_idx on scheduled_change (space, apply_at) where state = 'PENDING';
comment on table scheduled_change is 'Changes that are made when their time comes.';

create table scheduled_item (
  tenant_id    uuid not null,
  scheduled_id uuid not null,
  ordinal      int  not null constraint scheduled_item_ordinal_check check (ordinal >= 0),
  item_key     text not null constraint scheduled_item_key_check check (length(item_key) between 1 and 255),
  environment  text not null constraint scheduled_item_environment_check check (length(environment) <= 32),
  value        text,
  sealed       bytea,
  constraint scheduled_item_pk primary key (tenant_id, scheduled_id, ordinal),
  constraint scheduled_item_value_check check (value is null or sealed is null),
  constraint scheduled_item_change_fk foreign key (tenant_id, scheduled_id) references scheduled_change (tenant_id, scheduled_id) on delete cascade
);
comment on table scheduled_item is 'What a scheduled change makes of one value: neither value nor sealed: it is removed.';
comment on column scheduled_item.sealed is 'A secret, encrypted with AES-256-GCM under a key that is not in the database.';

create table setting_definition (
  tenant_id     uuid        not null,
  key           text        not null constraint setting_definition_key_check check (length(key) <= 255 and key ~ '^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$'),
  type          text        not null constraint setting_definition_type_check check (type in ('STRING', 'INT', 'DECIMAL', 'BOOL', 'DURATION', 'URL', 'JSON')),
  schema        text        not null constraint setting_definition_schema_check check (length(schema) <= 16384),
  default_value text        constraint setting_definition_default_value_check check (length(default_value) <= 16384),
  description   text        not null constraint setting_definition_description_check check (length(description) <= 1024),
  active        boolean     not null,
  sensitive     boolean     not null,
  public        boolean     not null,
  service       text        not null constraint setting_definition_service_check check (length(service) <= 64),
  version       bigint      not null,
  revision      bigint      not null,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  constraint setting_definition_pk primary key (tenant_id, key),
  constraint setting_definition_secret_check check (not sensitive or (default_value is null and not public)),
  constraint setting_definition_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
create unique index setting_definition_variable_unique on setting_definition (tenant_id, replace(key, '.', '_'));
comment on table setting_definition is 'What a setting means and which values it may have.';
comment on column setting_definition.service is 'The service that registered it; empty for those that users made.';
comment on column setting_definition.revision is 'The revision that made it what it is.';

create table setting_value (
  tenant_id   uuid        not null,
  key         text        not null,
  environment text        not null constraint setting_value_environment_check check (environment ~ '^[a-z][a-z0-9_-]{0,31}$'),
  value       text        constraint setting_value_value_check check (length(value) <= 16384),
  sealed      bytea,
  fingerprint text,
  revision    bigint      not null constraint setting_value_revision_check check (revision > 0),
  updated_at  timestamptz not null,
  constraint setting_value_pk primary key (tenant_id, key, environment),
  constraint setting_value_secret_check check ((value is null) = (sealed is not null) and (sealed is null) = (fingerprint is null)),
  constraint setting_value_definition_fk foreign key (tenant_id, key) references setting_definition (tenant_id, key) on delete cascade
);
comment on table setting_value is 'What a setting is now: for one environment, or for all.';
comment on column setting_value.sealed is 'A secret, encrypted with AES-256-GCM under a key that is not in the database; bound to tenant, key, environment and revision.';
