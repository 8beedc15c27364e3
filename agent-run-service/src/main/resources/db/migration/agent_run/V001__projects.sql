create table project (
  tenant_id    uuid        not null,
  project_id   uuid        not null,
  owner_id     uuid        not null,
  name         text        not null constraint project_name_check check (length(name) between 1 and 255),
  slug         text        not null constraint project_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  path         text        constraint project_path_check check (length(path) <= 4096),
  repo_url     text        constraint project_repo_url_check check (length(repo_url) <= 2048),
  state        text        not null
    constraint project_state_check check (state in ('PENDING', 'ONBOARDING', 'ACTIVE', 'PAUSED', 'ARCHIVED')),
  external_id  text        constraint project_external_id_check check (length(external_id) <= 255),
  metadata     jsonb       not null constraint project_metadata_check check (jsonb_typeof(metadata) = 'object'),
  version      bigint      not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint project_pk primary key (tenant_id, project_id)
);
create unique index project_slug_unique on project (tenant_id, owner_id, slug);
create unique index project_external_id_unique on project (tenant_id, external_id) where external_id is not null;
create index project_list_idx on project (tenant_id, owner_id, updated_at desc, project_id desc);

comment on table project is 'What sessions work on: a directory or a repository, and how far its onboarding is.';
comment on column project.version is 'The etag: counts changes.';
