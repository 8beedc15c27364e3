create table registry_head (
  tenant_id   uuid   not null,
  last_change bigint not null constraint registry_head_change_check check (last_change >= 0),
  constraint registry_head_pk primary key (tenant_id),
  constraint registry_head_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
comment on table registry_head is 'Counts the changes of a tenant''s providers, models, integrations and tools: its lock orders them, and its number says whether what is in memory is old.';

create table provider (
  tenant_id    uuid        not null,
  id           uuid        not null,
  name         text        not null constraint provider_name_check check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  display_name text        not null constraint provider_display_name_check check (length(display_name) <= 255),
  base_url     text        not null constraint provider_base_url_check check (length(base_url) <= 2048),
  active       boolean     not null,
  version      bigint      not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint provider_pk primary key (tenant_id, id),
  constraint provider_name_unique unique (tenant_id, name),
  constraint provider_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
comment on table provider is 'Somebody who runs models; those of the platform lie beneath every tenant''s.';

create table model (
  tenant_id         uuid        not null,
  id                uuid        not null,
  provider_id       uuid        not null,
  name              text        not null constraint model_name_check check (length(name) between 1 and 255),
  display_name      text        not null constraint model_display_name_check check (length(display_name) <= 255),
  context_window    int         not null constraint model_context_window_check check (context_window >= 0),
  max_output_tokens int         not null constraint model_max_output_tokens_check check (max_output_tokens >= 0),
  capabilities      text[]      not null constraint model_capabilities_check check (cardinality(capabilities) <= 32),
  active            boolean     not null,
  version           bigint      not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  constraint model_pk primary key (tenant_id, id),
  constraint model_name_unique unique (tenant_id, provider_id, name),
  constraint model_provider_fk foreign key (tenant_id, provider_id) references provider (tenant_id, id) on delete cascade
);
comment on table model is 'A model of a provider; those of the platform lie beneath every tenant''s.';

create table integration (
  tenant_id    uuid        not null,
  id           uuid        not null,
  name         text        not null constraint integration_name_check check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  display_name text        not null constraint integration_display_name_check check (length(display_name) <= 255),
  base_url     text        not null constraint integration_base_url_check check (length(base_url) <= 2048),
  active       boolean     not null,
  version      bigint      not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint integration_pk primary key (tenant_id, id),
  constraint integration_name_unique unique (tenant_id, name),
  constraint integration_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
comment on table integration is 'An outside system that a tenant has connected.';

create table integration_setting (
  tenant_id      uuid not null,
  integration_id uuid not null,
  key            text not null constraint integration_setting_key_check check (length(key) between 1 and 64),
  value          text not null constraint integration_setting_value_check check (length(value) <= 4096),
  constraint integration_setting_pk primary key (tenant_id, integration_id, key),
  constraint integration_setting_integration_fk foreign key (tenant_id, integration_id) references integration (tenant_id, id) on delete cascade
);
comment on table integration_setting is 'How an integration is used. Never a secret.';

create table tool (
  tenant_id      uuid        not null,
  id             uuid        not null,
  integration_id uuid,
  name           text        not null constraint tool_name_check check (name ~ '^[a-zA-Z0-9_-]{1,64}$'),
  description    text        not null constraint tool_description_check check (length(description) <= 4096),
  category       text        not null constraint tool_category_check check (length(category) <= 64),
  active         boolean     not null,
  schema_version int         not null constraint tool_schema_version_check check (schema_version > 0),
  version        bigint      not null,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint tool_pk primary key (tenant_id, id),
  constraint tool_name_unique unique (tenant_id, name),
  constraint tool_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade,
  constraint tool_integration_fk foreign key (tenant_id, integration_id) references integration (tenant_id, id) on delete cascade
);
create index tool_integration_idx on tool (tenant_id, integration_id);
comment on table tool is 'Something that a model may call: the only place where it is defined.';
comment on column tool.schema_version is 'The newest of its tool_version rows.';

create table tool_version (
  tenant_id     uuid        not null,
  tool_id       uuid        not null,
  version       int         not null constraint tool_version_number_check check (version > 0),
  input_schema  text        not null constraint tool_version_input_schema_check check (octet_length(input_schema) <= 262144),
  output_schema text        not null constraint tool_version_output_schema_check check (octet_length(output_schema) <= 262144),
  created_at    timestamptz not null,
  constraint tool_version_pk primary key (tenant_id, tool_id, version),
  constraint tool_version_tool_fk foreign key (tenant_id, tool_id) references tool (tenant_id, id) on delete cascade
);
comment on table tool_version is 'The schemas of a tool as they were made once; never changed.';
