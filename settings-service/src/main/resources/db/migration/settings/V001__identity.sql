create table organization (
  tenant_id  uuid        not null,
  name       text        not null constraint organization_name_check check (length(name) between 1 and 255),
  platform   boolean     not null,
  version    bigint      not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint organization_pk primary key (tenant_id)
);
create index organization_list_idx on organization (created_at, tenant_id);

comment on table organization is 'A tenant.';
comment on column organization.platform is 'Whether it is the tenant of the platform itself. There is one.';

create table user_account (
  tenant_id        uuid        not null,
  user_id          uuid        not null,
  kind             text        not null constraint user_account_kind_check check (kind in ('HUMAN', 'SERVICE')),
  email            text        constraint user_account_email_check check (length(email) between 1 and 320),
  name             text        not null constraint user_account_name_check check (length(name) <= 255),
  state            text        not null constraint user_account_state_check check (state in ('ACTIVE', 'SUSPENDED')),
  external_issuer  text        constraint user_account_external_issuer_check check (length(external_issuer) <= 512),
  external_subject text        constraint user_account_external_subject_check check (length(external_subject) <= 255),
  last_login_at    timestamptz,
  version          bigint      not null,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  constraint user_account_pk primary key (tenant_id, user_id),
  constraint user_account_external_check check ((external_issuer is null) = (external_subject is null)),
  constraint user_account_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
create unique index user_account_email_unique on user_account (tenant_id, lower(email)) where email is not null;
create unique index user_account_external_unique on user_account (tenant_id, external_issuer, external_subject)
  where external_subject is not null;
create index user_account_list_idx on user_account (tenant_id, created_at, user_id);

comment on table user_account is 'Somebody, or something, that acts inside a tenant. There are no passwords.';
comment on column user_account.external_issuer is 'Who vouches for the user: an OIDC issuer, or "application" for users that a key acts for.';

create table role (
  tenant_id   uuid        not null,
  name        text        not null constraint role_name_check check (name ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  description text        not null constraint role_description_check check (length(description) <= 1024),
  version     bigint      not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  constraint role_pk primary key (tenant_id, name),
  constraint role_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
comment on table role is 'A role of a tenant''s own; the built-in ones are part of the contract.';

create table role_permission (
  tenant_id  uuid not null,
  role_name  text not null,
  permission text not null constraint role_permission_check check (permission ~ '^[a-z_]+:[a-z_]+$'),
  constraint role_permission_pk primary key (tenant_id, role_name, permission),
  constraint role_permission_role_fk foreign key (tenant_id, role_name) references role (tenant_id, name) on delete cascade
);
comment on table role_permission is 'What a tenant''s own role may do.';

create table user_role (
  tenant_id uuid not null,
  user_id   uuid not null,
  role_name text not null constraint user_role_name_check check (role_name ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  constraint user_role_pk primary key (tenant_id, user_id, role_name),
  constraint user_role_user_fk foreign key (tenant_id, user_id) references user_account (tenant_id, user_id) on delete cascade
);
create index user_role_holders_idx on user_role (tenant_id, role_name, user_id);
comment on table user_role is 'The roles a user holds, built-in or the tenant''s own.';

create table api_key (
  tenant_id        uuid        not null,
  key_id           text        not null constraint api_key_id_check check (key_id ~ '^[0-9A-Za-z]{16}$'),
  user_id          uuid        not null,
  name             text        not null constraint api_key_name_check check (length(name) between 1 and 255),
  secret_hash      bytea       not null constraint api_key_secret_hash_check check (octet_length(secret_hash) = 32),
  previous_hash    bytea       constraint api_key_previous_hash_check check (octet_length(previous_hash) = 32),
  previous_until   timestamptz,
  scopes           text[]      not null,
  last_four        text        not null constraint api_key_last_four_check check (length(last_four) = 4),
  expires_at       timestamptz,
  last_used_at     timestamptz,
  revoked_at       timestamptz,
  created_at       timestamptz not null,
  constraint api_key_pk primary key (tenant_id, key_id),
  constraint api_key_previous_check check ((previous_hash is null) = (previous_until is null)),
  constraint api_key_user_fk foreign key (tenant_id, user_id) references user_account (tenant_id, user_id) on delete cascade
);
create index api_key_list_idx on api_key (tenant_id, user_id, created_at desc, key_id);
create index api_key_find_idx on api_key (key_id);

comment on table api_key is 'A long-lived credential of a user.';
comment on column api_key.secret_hash is 'HMAC-SHA-256 of the secret under a pepper that is not in the database.';
comment on column api_key.previous_hash is 'The secret before a rotation, good until previous_until.';
comment on column api_key.scopes is 'What the key may do of what its user may; empty: all of it.';

create table service_principal (
  service_id  uuid        not null,
  name        text        not null constraint service_principal_name_check check (length(name) between 1 and 64),
  key_id      text        not null constraint service_principal_key_id_check check (key_id ~ '^[0-9A-Za-z]{16}$'),
  secret_hash bytea       not null constraint service_principal_secret_hash_check check (octet_length(secret_hash) = 32),
  created_at  timestamptz not null,
  revoked_at  timestamptz,
  constraint service_principal_pk primary key (service_id),
  constraint service_principal_key_id_unique unique (key_id)
);
comment on table service_principal is 'A service of the system itself, which acts for no tenant.';

create table signing_key (
  kid         text        not null constraint signing_key_kid_check check (length(kid) between 1 and 128),
  public_x    text        not null,
  public_y    text        not null,
  private_jwk bytea       not null,
  signs_from  timestamptz not null,
  created_at  timestamptz not null,
  constraint signing_key_pk primary key (kid)
);
comment on table signing_key is 'The keys that sign access tokens. The newest whose time has come signs; those before are published until their tokens are gone.';
comment on column signing_key.private_jwk is 'The private JSON Web Key, encrypted with AES-256-GCM under a key that is not in the database.';
comment on column signing_key.signs_from is 'An hour after its creation at least, so that everybody has fetched it before.';

create table revocation_head (
  id            int    not null constraint revocation_head_single_check check (id = 1),
  last_position bigint not null constraint revocation_head_position_check check (last_position >= 0),
  constraint revocation_head_pk primary key (id)
);
insert into revocation_head (id, last_position) values (1, 0);
comment on table revocation_head is 'Allocator of revocation positions: its lock makes the order of commits the order of positions. One row.';

create table revocation (
  position   bigint      not null,
  kind       text        not null constraint revocation_kind_check check (kind in ('CREDENTIAL', 'PRINCIPAL', 'TENANT')),
  subject    text        not null,
  revoked_at timestamptz not null,
  constraint revocation_pk primary key (position)
);
create index revocation_sweep_idx on revocation (revoked_at);
comment on table revocation is 'Tokens that are refused before they expire; kept as long as such a token or a stream could live.';

create table erasure (
  tenant_id    uuid        not null,
  erasure_id   uuid        not null,
  user_id      uuid,
  requested_by uuid        not null,
  created_at   timestamptz not null,
  constraint erasure_pk primary key (tenant_id, erasure_id)
);
comment on table erasure is 'The removal of all that is kept of a user, or of the tenant where there is none. It outlives what it erases.';

create table erasure_report (
  tenant_id      uuid        not null,
  erasure_id     uuid        not null,
  service        text        not null constraint erasure_report_service_check check (length(service) between 1 and 64),
  rows_removed   bigint      not null constraint erasure_report_removed_check check (rows_removed >= 0),
  rows_remaining bigint      not null constraint erasure_report_remaining_check check (rows_remaining >= 0),
  reported_at    timestamptz not null,
  constraint erasure_report_pk primary key (tenant_id, erasure_id, service),
  constraint erasure_report_erasure_fk foreign key (tenant_id, erasure_id) references erasure (tenant_id, erasure_id) on delete cascade
);
comment on table erasure_report is 'What a service has removed for an erasure, and what it still found afterwards.';

create table chat_settings (
  tenant_id     uuid             not null,
  user_id       uuid             not null,
  model         text             constraint chat_settings_model_check check (length(model) <= 255),
  temperature   double precision constraint chat_settings_temperature_check check (temperature between 0 and 2),
  max_tokens    int              constraint chat_settings_max_tokens_check check (max_tokens between 1 and 32000),
  system_prompt text             constraint chat_settings_system_prompt_check check (length(system_prompt) <= 32768),
  version       bigint           not null,
  updated_at    timestamptz      not null,
  constraint chat_settings_pk primary key (tenant_id, user_id),
  constraint chat_settings_user_fk foreign key (tenant_id, user_id) references user_account (tenant_id, user_id) on delete cascade
);
comment on table chat_settings is 'How a user chats, where it is not by the defaults: a column that is null is the default.';

create table chat_settings_tool (
  tenant_id uuid not null,
  user_id   uuid not null,
  ordinal   int  not null constraint chat_settings_tool_ordinal_check check (ordinal >= 0),
  tool      text not null constraint chat_settings_tool_name_check check (length(tool) between 1 and 255),
  constraint chat_settings_tool_pk primary key (tenant_id, user_id, ordinal),
  constraint chat_settings_tool_unique unique (tenant_id, user_id, tool),
  constraint chat_settings_tool_settings_fk foreign key (tenant_id, user_id) references chat_settings (tenant_id, user_id) on delete cascade
);
comment on table chat_settings_tool is 'A tool that the model may call in the user''s chats.';

create table chat_settings_agent (
  tenant_id uuid not null,
  user_id   uuid not null,
  ordinal   int  not null constraint chat_settings_agent_ordinal_check check (ordinal >= 0),
  agent     text not null constraint chat_settings_agent_name_check check (length(agent) between 1 and 255),
  constraint chat_settings_agent_pk primary key (tenant_id, user_id, ordinal),
  constraint chat_settings_agent_unique unique (tenant_id, user_id, agent),
  constraint chat_settings_agent_settings_fk foreign key (tenant_id, user_id) references chat_settings (tenant_id, user_id) on delete cascade
);
comment on table chat_settings_agent is 'An agent that may answer in the user''s chats.';
