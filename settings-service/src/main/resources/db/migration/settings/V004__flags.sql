create table flag (
  tenant_id   uuid        not null,
  key         text        not null constraint flag_key_check check (key ~ '^([A-Za-z0-9_.-]{1,255}|\$evaluators)$'),
  environment text        not null constraint flag_environment_check check (environment ~ '^[a-z][a-z0-9_-]{0,31}$'),
  document    text        not null constraint flag_document_check check (octet_length(document) <= 131072),
  revision    bigint      not null constraint flag_revision_check check (revision > 0),
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  constraint flag_pk primary key (tenant_id, key, environment),
  constraint flag_organization_fk foreign key (tenant_id) references organization (tenant_id) on delete cascade
);
comment on table flag is 'A feature flag for one environment, or for all; under $evaluators the rules that flags share. Its history lies in revision_item.';
comment on column flag.document is 'JSON: the definition as flagd has it, prerequisites, off variant, description, kill switch.';
