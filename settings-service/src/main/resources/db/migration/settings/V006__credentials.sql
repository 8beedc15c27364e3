create table master_key (
  key_id          text        not null constraint master_key_id_check check (key_id ~ '^[a-z][A-Za-z0-9_.-]{0,127}$'),
  minimum_version int         not null constraint master_key_minimum_check check (minimum_version > 0),
  created_at      timestamptz not null,
  constraint master_key_pk primary key (key_id)
);
comment on table master_key is 'A key that data keys are encrypted under. The key itself is in no table.';
comment on column master_key.minimum_version is 'The least version that is still used.';

create table master_key_version (
  key_id     text        not null,
  version    int         not null constraint master_key_version_number_check check (version > 0),
  created_at timestamptz not null,
  constraint master_key_version_pk primary key (key_id, version),
  constraint master_key_version_key_fk foreign key (key_id) references master_key (key_id) on delete cascade
);
comment on table master_key_version is 'A version of a master key. What is encrypted under it refers to it, so that none is destroyed that is needed.';

create table credential (
  tenant_id      uuid        not null,
  id             uuid        not null,
  provider_id    uuid,
  integration_id uuid,
  field          text        not null constraint credential_field_check check (field ~ '^[a-z][a-z0-9_]{0,63}$'),
  kek_id         text        not null,
  kek_version    int         not null,
  wrapped_dek    bytea       not null constraint credential_wrapped_dek_check check (octet_length(wrapped_dek) <= 1024),
  ciphertext     bytea       not null constraint credential_ciphertext_check check (octet_length(ciphertext) <= 131072),
  value_version  int         not null constraint credential_value_version_check check (value_version > 0),
  last_four      text        not null constraint credential_last_four_check check (length(last_four) in (0, 4)),
  expires_at     timestamptz,
  version        bigint      not null,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint credential_pk primary key (tenant_id, id),
  constraint credential_owner_check check (num_nonnulls(provider_id, integration_id) = 1),
  constraint credential_provider_field_unique unique (tenant_id, provider_id, field),
  constraint credential_integration_field_unique unique (tenant_id, integration_id, field),
  constraint credential_provider_fk foreign key (tenant_id, provider_id) references provider (tenant_id, id) on delete cascade,
  constraint credential_integration_fk foreign key (tenant_id, integration_id) references integration (tenant_id, id) on delete cascade,
  constraint credential_master_key_fk foreign key (kek_id, kek_version) references master_key_version (key_id, version)
);
create index credential_master_key_idx on credential (kek_id, kek_version);
comment on table credential is 'One secret value of a provider or of an integration.';
comment on column credential.wrapped_dek is 'The key of the ciphertext, encrypted under the master key that kek_id and kek_version name.';
comment on column credential.ciphertext is 'AES-256-GCM; bound to tenant, credential, field and value_version.';

alter table setting_value add column kek_id text;
alter table setting_value add column kek_version int;
alter table setting_value add column wrapped_dek bytea;
alter table setting_value add constraint setting_value_wrapped_dek_check
  check (num_nonnulls(kek_id, kek_version, wrapped_dek) in (0, 3) and (kek_id is null or sealed is not null));
alter table setting_value add constraint setting_value_master_key_fk
  foreign key (kek_id, kek_version) references master_key_version (key_id, version);
create index setting_value_master_key_idx on setting_value (kek_id, kek_version) where sealed is not null;
comment on column setting_value.wrapped_dek is 'The key of what is sealed, encrypted under a master key; null in rows of before, which are under SETTINGS_KEY itself.';

alter table scheduled_item add column kek_id text;
alter table scheduled_item add column kek_version int;
alter table scheduled_item add column wrapped_dek bytea;
alter table scheduled_item add constraint scheduled_item_wrapped_dek_check
  check (num_nonnulls(kek_id, kek_version, wrapped_dek) in (0, 3) and (kek_id is null or sealed is not null));
alter table scheduled_item add constraint scheduled_item_master_key_fk
  foreign key (kek_id, kek_version) references master_key_version (key_id, version);
create index scheduled_item_master_key_idx on scheduled_item (kek_id, kek_version) where sealed is not null;
comment on column scheduled_item.wrapped_dek is 'The key of what is sealed, encrypted under a master key; null in rows of before, which are under SETTINGS_KEY itself.';

create table rewrap (
  id         uuid        not null,
  state      text        not null constraint rewrap_state_check check (state in ('RUNNING', 'DONE')),
  rewrapped  bigint      not null constraint rewrap_rewrapped_check check (rewrapped >= 0),
  failed     bigint      not null constraint rewrap_failed_check check (failed >= 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint rewrap_pk primary key (id)
);
create unique index rewrap_running_unique on rewrap (state) where state = 'RUNNING';
comment on table rewrap is 'How far all data keys are brought under the newest master key. Which are not is told by their rows.';
