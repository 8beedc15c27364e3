create table agent_template (
  tenant_id   uuid        not null,
  template_id uuid        not null,
  name        text        not null constraint agent_template_name_check check (length(name) between 1 and 255),
  role        text        not null constraint agent_template_role_check check (length(role) <= 4096),
  purpose     text        not null constraint agent_template_purpose_check check (length(purpose) <= 4096),
  icon        text        not null constraint agent_template_icon_check check (length(icon) <= 100),
  category    text        not null constraint agent_template_category_check check (length(category) <= 100),
  active      boolean     not null,
  shared      boolean     not null,
  usage_count int         not null constraint agent_template_usage_count_check check (usage_count >= 0),
  version     bigint      not null constraint agent_template_version_check check (version > 0),
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  constraint agent_template_pk primary key (tenant_id, template_id)
);
create index agent_template_list_idx on agent_template (tenant_id, name, template_id);
create index agent_template_shared_idx on agent_template (template_id) where shared;

comment on table agent_template is 'What agents are made from: the tenant''s own, or the platform''s, which lie in its tenant and are shared with every other.';
comment on column agent_template.version is 'The etag: counts changes.';

create table agent_template_requirement (
  tenant_id   uuid not null,
  template_id uuid not null,
  kind        text not null constraint agent_template_requirement_kind_check check (kind in ('INTEGRATION', 'CAPABILITY')),
  name        text not null constraint agent_template_requirement_name_check check (length(name) between 1 and 100),
  position    int  not null constraint agent_template_requirement_position_check check (position >= 0),
  constraint agent_template_requirement_pk primary key (tenant_id, template_id, kind, name),
  constraint agent_template_requirement_template_fk foreign key (tenant_id, template_id)
    references agent_template (tenant_id, template_id) on delete cascade
);
comment on table agent_template_requirement is 'An integration that agents made from the template need, by its name, or something they can do.';

create table agent_template_step (
  tenant_id    uuid  not null,
  template_id  uuid  not null,
  position     int   not null constraint agent_template_step_position_check check (position >= 0),
  name         text  not null constraint agent_template_step_name_check check (length(name) between 1 and 255),
  instructions text  not null constraint agent_template_step_instructions_check check (length(instructions) <= 8192),
  config       jsonb not null constraint agent_template_step_config_check check (jsonb_typeof(config) = 'object'),
  constraint agent_template_step_pk primary key (tenant_id, template_id, position),
  constraint agent_template_step_template_fk foreign key (tenant_id, template_id)
    references agent_template (tenant_id, template_id) on delete cascade
);
comment on table agent_template_step is 'A step that is copied into agents made from the template.';
comment on column agent_template_step.config is 'A JSON object; what it means is the business of whoever runs the step.';

create table agent (
  tenant_id       uuid        not null,
  agent_id        uuid        not null,
  owner_id        uuid,
  template_id     uuid,
  name            text        not null constraint agent_name_check check (length(name) between 1 and 255),
  description     text        not null constraint agent_description_check check (length(description) <= 4096),
  icon            text        not null constraint agent_icon_check check (length(icon) <= 100),
  category        text        not null constraint agent_category_check check (length(category) <= 100),
  goal            text        not null constraint agent_goal_check check (length(goal) <= 4096),
  visibility      text        not null constraint agent_visibility_check check (visibility in ('PRIVATE', 'TENANT')),
  state           text        not null constraint agent_state_check check (state in ('ACTIVE', 'INACTIVE')),
  current_version int         not null constraint agent_current_version_check check (current_version > 0),
  execution_count int         not null constraint agent_execution_count_check check (execution_count >= 0),
  last_used_at    timestamptz,
  external_id     text        constraint agent_external_id_check check (length(external_id) between 1 and 255),
  metadata        jsonb       not null constraint agent_metadata_check check (jsonb_typeof(metadata) = 'object'),
  version         bigint      not null constraint agent_version_check check (version > 0),
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  deleted_at      timestamptz,
  constraint agent_pk primary key (tenant_id, agent_id),
  constraint agent_owner_check check (owner_id is not null or deleted_at is not null)
) with (fillfactor = 80);
create index agent_owner_idx on agent (tenant_id, owner_id) where deleted_at is null;
create index agent_shared_idx on agent (tenant_id) where deleted_at is null and visibility = 'TENANT';
create index agent_template_idx on agent (tenant_id, template_id) where template_id is not null;
create unique index agent_external_id_unique on agent (tenant_id, external_id) where external_id is not null and deleted_at is null;

comment on table agent is 'Who answers. A deleted one stays while runs refer to its versions.';
comment on column agent.owner_id is 'Null once the owner was erased while runs of others refer to the agent.';
comment on column agent.template_id is 'May be a shared one, which lies in another tenant: no foreign key. One that is gone reads as none.';
comment on column agent.version is 'The etag: counts changes.';

create table agent_version (
  tenant_id    uuid        not null,
  agent_id     uuid        not null,
  version      int         not null constraint agent_version_version_check check (version > 0),
  model        text        not null constraint agent_version_model_check check (length(model) <= 255),
  provider     text        not null constraint agent_version_provider_check check (length(provider) <= 64),
  instructions text        not null constraint agent_version_instructions_check check (length(instructions) <= 100000),
  temperature  double precision constraint agent_version_temperature_check check (temperature between 0 and 2),
  max_tokens   int         constraint agent_version_max_tokens_check check (max_tokens > 0),
  author_id    uuid,
  created_at   timestamptz not null,
  constraint agent_version_pk primary key (tenant_id, agent_id, version),
  constraint agent_version_agent_fk foreign key (tenant_id, agent_id) references agent (tenant_id, agent_id) on delete cascade
);
comment on table agent_version is 'How an agent works from one change to the next. Never changed: runs are pinned to it.';
comment on column agent_version.author_id is 'Null once the author was erased.';

create table agent_setting (
  tenant_id uuid  not null,
  agent_id  uuid  not null,
  version   int   not null,
  key       text  not null constraint agent_setting_key_check check (length(key) between 1 and 64),
  value     jsonb not null,
  constraint agent_setting_pk primary key (tenant_id, agent_id, version, key),
  constraint agent_setting_version_fk foreign key (tenant_id, agent_id, version)
    references agent_version (tenant_id, agent_id, version) on delete cascade
);
comment on table agent_setting is 'What else whoever runs the agent is told.';

create table agent_step (
  tenant_id    uuid  not null,
  agent_id     uuid  not null,
  version      int   not null,
  position     int   not null constraint agent_step_position_check check (position >= 0),
  name         text  not null constraint agent_step_name_check check (length(name) between 1 and 255),
  instructions text  not null constraint agent_step_instructions_check check (length(instructions) <= 8192),
  config       jsonb not null constraint agent_step_config_check check (jsonb_typeof(config) = 'object'),
  constraint agent_step_pk primary key (tenant_id, agent_id, version, position),
  constraint agent_step_version_fk foreign key (tenant_id, agent_id, version)
    references agent_version (tenant_id, agent_id, version) on delete cascade
);
comment on table agent_step is 'Something that the agent does, in order; whoever runs the agent does it.';
comment on column agent_step.config is 'A JSON object; what it means is the business of whoever runs the step.';

create table agent_integration (
  tenant_id      uuid    not null,
  agent_id       uuid    not null,
  version        int     not null,
  integration_id uuid    not null,
  position       int     not null constraint agent_integration_position_check check (position >= 0),
  is_enabled     boolean not null,
  is_required    boolean not null,
  settings       jsonb   not null constraint agent_integration_settings_check check (jsonb_typeof(settings) = 'object'),
  constraint agent_integration_pk primary key (tenant_id, agent_id, version, integration_id),
  constraint agent_integration_version_fk foreign key (tenant_id, agent_id, version)
    references agent_version (tenant_id, agent_id, version) on delete cascade
);
comment on table agent_integration is 'An integration that the agent works with. What the integration is lies in settings-service.';
comment on column agent_integration.settings is 'A JSON object; what it means is the integration''s business.';

create table agent_tool (
  tenant_id      uuid    not null,
  agent_id       uuid    not null,
  version        int     not null,
  tool_id        uuid    not null,
  position       int     not null constraint agent_tool_position_check check (position >= 0),
  integration_id uuid,
  is_enabled     boolean not null,
  permission     text    not null constraint agent_tool_permission_check check (permission in ('ALLOW', 'ASK', 'DENY')),
  custom_config  jsonb   not null constraint agent_tool_custom_config_check check (jsonb_typeof(custom_config) = 'object'),
  constraint agent_tool_pk primary key (tenant_id, agent_id, version, tool_id),
  constraint agent_tool_version_fk foreign key (tenant_id, agent_id, version)
    references agent_version (tenant_id, agent_id, version) on delete cascade
);
comment on table agent_tool is 'A tool that the agent may call, and how. What the tool is lies in settings-service.';
comment on column agent_tool.integration_id is 'The integration that the tool belongs to, which never changes; null: none.';
comment on column agent_tool.custom_config is 'A JSON object; what it means is the tool''s business.';

create table agent_user_state (
  tenant_id    uuid    not null,
  user_id      uuid    not null,
  agent_id     uuid    not null,
  favorite     boolean not null,
  last_used_at timestamptz,
  use_count    int     not null constraint agent_user_state_use_count_check check (use_count >= 0),
  constraint agent_user_state_pk primary key (tenant_id, user_id, agent_id),
  constraint agent_user_state_agent_fk foreign key (tenant_id, agent_id) references agent (tenant_id, agent_id) on delete cascade
) with (fillfactor = 80);
create index agent_user_state_agent_idx on agent_user_state (tenant_id, agent_id);

comment on table agent_user_state is 'What one user has to do with an agent.';
