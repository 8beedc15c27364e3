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

create table project_onboarding_step (
  tenant_id    uuid        not null,
  project_id   uuid        not null,
  number       int         not null constraint project_onboarding_step_number_check check (number between 1 and 50),
  name         text        not null constraint project_onboarding_step_name_check check (length(name) between 1 and 255),
  completed_at timestamptz,
  constraint project_onboarding_step_pk primary key (tenant_id, project_id, number),
  constraint project_onboarding_step_project_fk foreign key (tenant_id, project_id)
    references project (tenant_id, project_id) on delete cascade
);

comment on table project_onboarding_step is 'What is to be done before a project is active.';

create table session (
  tenant_id        uuid        not null,
  session_id       uuid        not null,
  owner_id         uuid        not null,
  project_id       uuid,
  conversation_id  uuid,
  slug             text        not null constraint session_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  title            text        not null constraint session_title_check check (length(title) <= 255),
  type             text        not null constraint session_type_check check (type in ('FULL', 'QUICK', 'RESEARCH', 'CHAT')),
  state            text        not null constraint session_state_check
    check (state in ('CREATED', 'ACTIVE', 'WAITING', 'PAUSED', 'COMPLETE', 'FAILED', 'CANCELLED')),
  phase            text        constraint session_phase_check check (phase in ('SPEC', 'PLAN', 'BUILD', 'DOCS', 'DONE')),
  working_dir      text        constraint session_working_dir_check check (length(working_dir) <= 4096),
  git_branch       text        constraint session_git_branch_check check (length(git_branch) <= 255),
  open_interrupts  int         not null constraint session_open_interrupts_check check (open_interrupts >= 0),
  run_count        int         not null constraint session_run_count_check check (run_count >= 0),
  input_tokens     bigint      not null constraint session_input_tokens_check check (input_tokens >= 0),
  output_tokens    bigint      not null constraint session_output_tokens_check check (output_tokens >= 0),
  cost             numeric(38, 12) not null,
  active_ms        bigint      not null constraint session_active_ms_check check (active_ms >= 0),
  error_code       text        constraint session_error_code_check check (length(error_code) between 1 and 64),
  error_message    text        constraint session_error_message_check check (length(error_message) <= 2048),
  external_id      text        constraint session_external_id_check check (length(external_id) <= 255),
  metadata         jsonb       not null constraint session_metadata_check check (jsonb_typeof(metadata) = 'object'),
  version          bigint      not null,
  activity         bigint      not null,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  last_activity_at timestamptz not null,
  ended_at         timestamptz,
  expires_at       timestamptz,
  constraint session_pk primary key (tenant_id, session_id),
  constraint session_project_fk foreign key (tenant_id, project_id)
    references project (tenant_id, project_id) on delete set null (project_id),
  constraint session_phased_check check ((phase is null) = (type in ('RESEARCH', 'CHAT'))),
  constraint session_error_check check ((error_code is not null) = (state = 'FAILED')),
  constraint session_ended_check check ((ended_at is not null) = (state in ('COMPLETE', 'FAILED', 'CANCELLED'))),
  constraint session_expiry_check check ((expires_at is null) = (state in ('COMPLETE', 'FAILED', 'CANCELLED')))
) with (fillfactor = 80);
create unique index session_slug_unique on session (tenant_id, owner_id, slug);
create unique index session_external_id_unique on session (tenant_id, external_id) where external_id is not null;
create index session_list_idx on session (tenant_id, owner_id, last_activity_at desc, session_id desc);
create index session_project_idx on session (tenant_id, project_id) where project_id is not null;
create index session_conversation_idx on session (tenant_id, conversation_id) where conversation_id is not null;
-- What the sweeper looks for.
create index session_expiry_idx on session (expires_at) where expires_at is not null;

comment on table session is 'A piece of work that runs serve: its phase, its state, and what it has cost. The row is the lock of its changes.';
comment on column session.version is 'Counts the changes that an update may lose: the first half of the etag.';
comment on column session.activity is 'Counts the changes that runs make: the second half of the etag.';
comment on column session.open_interrupts is 'How many questions of its runs nobody has answered; a session with any is WAITING when it is not paused.';

create table session_phase (
  tenant_id  uuid        not null,
  session_id uuid        not null,
  number     int         not null constraint session_phase_number_check check (number > 0),
  phase      text        not null constraint session_phase_phase_check check (phase in ('SPEC', 'PLAN', 'BUILD', 'DOCS', 'DONE')),
  attempt    int         not null constraint session_phase_attempt_check check (attempt > 0),
  forced     boolean     not null,
  entered_at timestamptz not null,
  left_at    timestamptz,
  constraint session_phase_pk primary key (tenant_id, session_id, number),
  constraint session_phase_attempt_unique unique (tenant_id, session_id, phase, attempt),
  constraint session_phase_session_fk foreign key (tenant_id, session_id)
    references session (tenant_id, session_id) on delete cascade
);

comment on table session_phase is 'The phases a session went through, in order; a phase that is entered again is another attempt.';

create table session_checkpoint (
  tenant_id    uuid        not null,
  session_id   uuid        not null,
  number       int         not null constraint session_checkpoint_number_check check (number between 1 and 1000),
  title        text        not null constraint session_checkpoint_title_check check (length(title) between 1 and 255),
  description  text        not null constraint session_checkpoint_description_check check (length(description) <= 4096),
  created_at   timestamptz not null,
  completed_at timestamptz,
  constraint session_checkpoint_pk primary key (tenant_id, session_id, number),
  constraint session_checkpoint_session_fk foreign key (tenant_id, session_id)
    references session (tenant_id, session_id) on delete cascade
);

comment on table session_checkpoint is 'What the build is made of; all are to be complete before it is left.';

create table session_artifact (
  tenant_id  uuid        not null,
  session_id uuid        not null,
  key        text        not null constraint session_artifact_key_check check (length(key) between 1 and 512),
  revision   int         not null constraint session_artifact_newest_check check (revision > 0),
  media_type text        not null constraint session_artifact_media_type_check check (length(media_type) between 1 and 255),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint session_artifact_pk primary key (tenant_id, session_id, key),
  constraint session_artifact_session_fk foreign key (tenant_id, session_id)
    references session (tenant_id, session_id) on delete cascade
);

comment on table session_artifact is 'A file of the session, as it was last told: spec, plan, plan_readable, state, context/..., debug/..., research/...';

create table session_artifact_revision (
  tenant_id  uuid        not null,
  session_id uuid        not null,
  key        text        not null,
  revision   int         not null constraint session_artifact_revision_number_check check (revision > 0),
  sha256     bytea       not null constraint session_artifact_revision_sha256_check check (octet_length(sha256) = 32),
  size_bytes int         not null constraint session_artifact_revision_size_check check (size_bytes between 0 and 262144),
  content    text        not null constraint session_artifact_revision_content_check check (octet_length(content) = size_bytes),
  created_at timestamptz not null,
  constraint session_artifact_revision_pk primary key (tenant_id, session_id, key, revision),
  constraint session_artifact_revision_artifact_fk foreign key (tenant_id, session_id, key)
    references session_artifact (tenant_id, session_id, key) on delete cascade
);

comment on table session_artifact_revision is 'What an artifact said; the newest hundred are kept.';
