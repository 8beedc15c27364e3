create table run_key (
  tenant_id uuid not null,
  key_id    uuid not null,
  constraint run_key_pk primary key (tenant_id, key_id)
);
comment on table run_key is 'What runs exclude each other about: a conversation or a session. Whoever begins or ends a run of it locks the row first.';

create table run (
  tenant_id           uuid        not null,
  run_id              uuid        not null,
  user_id             uuid        not null,
  agent_id            uuid,
  agent_version       int,
  type                text
    constraint run_type_check check (type in ('SPEC', 'PLAN', 'QUICK_PLAN', 'BUILD', 'DOCS', 'RESEARCH', 'DEBUG', 'CHAT')),
  queue               text        not null constraint run_queue_check check (length(queue) between 1 and 128),
  self_execute        boolean     not null,
  state               text        not null
    constraint run_state_check check (state in ('PENDING', 'QUEUED', 'RUNNING', 'REQUIRES_ACTION', 'PAUSED', 'CANCELLING',
      'SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'SUPERSEDED')),
  concurrency_key     uuid,
  session_id          uuid,
  conversation_id     uuid,
  input_message_id    uuid,
  output_message_id   uuid,
  parent_run_id       uuid,
  retry_of_run_id     uuid,
  external_session_id text        constraint run_external_session_id_check check (length(external_session_id) <= 255),
  external_id         text        constraint run_external_id_check check (length(external_id) <= 255),
  metadata            jsonb       not null constraint run_metadata_check check (jsonb_typeof(metadata) = 'object'),
  input               jsonb,
  output              jsonb,
  error_reason        text        constraint run_error_reason_check check (length(error_reason) <= 64),
  error_message       text        constraint run_error_message_check check (length(error_message) <= 2048),
  attempt             int         not null constraint run_attempt_check check (attempt >= 0),
  max_attempts        int         not null constraint run_max_attempts_check check (max_attempts between 1 and 100),
  lease_epoch         bigint      not null constraint run_lease_epoch_check check (lease_epoch >= 0),
  holder_id           uuid,
  lease_expires_at    timestamptz,
  eligible_at         timestamptz,
  deadline_at         timestamptz not null,
  action_expires_at   timestamptz,
  pause_requested     boolean     not null,
  superseded_by       uuid,
  input_seq           bigint      not null,
  step_count          int         not null,
  version             bigint      not null,
  created_at          timestamptz not null,
  started_at          timestamptz,
  ended_at            timestamptz,
  updated_at          timestamptz not null,
  due_at              timestamptz generated always as (
    case
      when state = 'RUNNING' then least(lease_expires_at, deadline_at)
      when state = 'CANCELLING' then lease_expires_at
      when state = 'REQUIRES_ACTION' then least(action_expires_at, deadline_at)
      when state in ('PENDING', 'QUEUED', 'PAUSED') then deadline_at
    end) stored,
  constraint run_pk primary key (tenant_id, run_id),
  constraint run_key_fk foreign key (tenant_id, concurrency_key) references run_key (tenant_id, key_id),
  constraint run_agent_fk foreign key (tenant_id, agent_id, agent_version) references agent_version (tenant_id, agent_id, version),
  constraint run_session_fk foreign key (tenant_id, session_id) references session (tenant_id, session_id) on delete cascade,
  constraint run_parent_fk foreign key (tenant_id, parent_run_id) references run (tenant_id, run_id)
    on delete set null (parent_run_id),
  constraint run_retry_of_fk foreign key (tenant_id, retry_of_run_id) references run (tenant_id, run_id)
    on delete set null (retry_of_run_id),
  constraint run_agent_check check ((agent_id is null) = (agent_version is null)),
  constraint run_lease_check check ((state in ('RUNNING', 'CANCELLING')) = (lease_expires_at is not null)),
  constraint run_eligible_check check ((state = 'QUEUED') = (eligible_at is not null)),
  constraint run_action_check check ((state = 'REQUIRES_ACTION') = (action_expires_at is not null)),
  constraint run_ended_check check (
    (state in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'SUPERSEDED')) = (ended_at is not null))
);
create unique index run_active_unique on run (tenant_id, concurrency_key)
  where state in ('QUEUED', 'RUNNING', 'REQUIRES_ACTION', 'PAUSED', 'CANCELLING');
create unique index run_external_id_unique on run (tenant_id, external_id) where external_id is not null;
create index run_claim_idx on run (tenant_id, queue, eligible_at, run_id) where state = 'QUEUED';
create index run_pending_idx on run (tenant_id, concurrency_key, created_at, run_id) where state = 'PENDING';
create index run_due_idx on run (due_at) where due_at is not null;
create index run_list_idx on run (tenant_id, created_at desc, run_id desc);
create index run_user_idx on run (tenant_id, user_id, created_at desc, run_id desc);
create index run_session_idx on run (tenant_id, session_id, created_at desc, run_id desc) where session_id is not null;
create index run_conversation_idx on run (tenant_id, conversation_id, created_at desc, run_id desc) where conversation_id is not null;
create index run_agent_idx on run (tenant_id, agent_id, created_at desc, run_id desc) where agent_id is not null;
create index run_parent_idx on run (tenant_id, parent_run_id) where parent_run_id is not null;
create index run_retry_of_idx on run (tenant_id, retry_of_run_id) where retry_of_run_id is not null;
comment on table run is 'One execution of an agent, by a worker that leases it.';
comment on column run.concurrency_key is 'The conversation, else the session: at most one active run each. Null: the run excludes none.';
comment on column run.lease_epoch is 'Numbers the leases: every write of a worker carries it, and one with an older number changes nothing.';
comment on column run.holder_id is 'The principal that holds the newest lease.';
comment on column run.eligible_at is 'When it may be leased: now, or after a pause where an attempt has failed.';
comment on column run.due_at is 'When something happens to it by the passing of time.';
comment on column run.superseded_by is 'The run that took its place: it ends SUPERSEDED instead of CANCELLED.';

create table run_lease (
  tenant_id    uuid        not null,
  run_id       uuid        not null,
  lease_epoch  bigint      not null,
  principal_id uuid        not null,
  request_id   text        not null constraint run_lease_request_id_check check (length(request_id) <= 128),
  labels       jsonb       not null constraint run_lease_labels_check check (jsonb_typeof(labels) = 'object'),
  acquired_at  timestamptz not null,
  constraint run_lease_pk primary key (tenant_id, run_id, lease_epoch),
  constraint run_lease_run_fk foreign key (tenant_id, run_id) references run (tenant_id, run_id) on delete cascade
);
create unique index run_lease_request_unique on run_lease (tenant_id, principal_id, request_id) where request_id <> '';
-- For the erasure of a user, as the two below.
create index run_lease_principal_idx on run_lease (tenant_id, principal_id);
comment on table run_lease is 'Who held a run: one row for each attempt, found again by the request that asked for it.';

create table run_step (
  tenant_id       uuid        not null,
  run_id          uuid        not null,
  step_key        text        not null constraint run_step_key_check check (length(step_key) between 1 and 255),
  position        int         not null,
  parent_step_key text,
  kind            text        not null constraint run_step_kind_check check (kind in ('MODEL', 'TOOL', 'OTHER')),
  name            text        not null constraint run_step_name_check check (length(name) <= 255),
  state           text        not null constraint run_step_state_check check (state in ('RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED')),
  attempt         int         not null,
  lease_epoch     bigint      not null,
  input           jsonb,
  output          jsonb,
  error_reason    text        constraint run_step_error_reason_check check (length(error_reason) <= 64),
  error_message   text        constraint run_step_error_message_check check (length(error_message) <= 2048),
  started_at      timestamptz not null,
  ended_at        timestamptz,
  constraint run_step_pk primary key (tenant_id, run_id, step_key),
  constraint run_step_position_unique unique (tenant_id, run_id, position),
  constraint run_step_run_fk foreign key (tenant_id, run_id) references run (tenant_id, run_id) on delete cascade,
  constraint run_step_parent_fk foreign key (tenant_id, run_id, parent_step_key)
    references run_step (tenant_id, run_id, step_key),
  constraint run_step_ended_check check ((state in ('SUCCEEDED', 'FAILED')) = (ended_at is not null))
);
comment on table run_step is 'What a run did. One that has succeeded is not done again: its output is answered.';

create table run_interrupt (
  tenant_id       uuid        not null,
  interrupt_id    uuid        not null,
  run_id          uuid        not null,
  step_key        text,
  kind            text        not null constraint run_interrupt_kind_check check (kind in ('APPROVAL', 'QUESTION')),
  prompt          text        not null constraint run_interrupt_prompt_check check (length(prompt) <= 8192),
  payload         jsonb,
  response_schema jsonb,
  state           text        not null
    constraint run_interrupt_state_check check (state in ('OPEN', 'RESOLVED', 'EXPIRED', 'CANCELLED')),
  approved        boolean,
  response        jsonb,
  actor_id        uuid,
  expires_at      timestamptz not null,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  constraint run_interrupt_pk primary key (tenant_id, interrupt_id),
  constraint run_interrupt_run_fk foreign key (tenant_id, run_id) references run (tenant_id, run_id) on delete cascade,
  constraint run_interrupt_ended_check check ((state = 'OPEN') = (ended_at is null))
);
create unique index run_interrupt_open_unique on run_interrupt (tenant_id, run_id) where state = 'OPEN';
create index run_interrupt_run_idx on run_interrupt (tenant_id, run_id, created_at desc, interrupt_id desc);
create index run_interrupt_actor_idx on run_interrupt (tenant_id, actor_id) where actor_id is not null;
comment on table run_interrupt is 'What a run asked people: an approval or a question. A run waits for one at a time.';
comment on column run_interrupt.actor_id is 'Who answered.';

create table run_input (
  tenant_id  uuid        not null,
  run_id     uuid        not null,
  seq        bigint      not null,
  user_id    uuid        not null,
  content    jsonb       not null,
  created_at timestamptz not null,
  constraint run_input_pk primary key (tenant_id, run_id, seq),
  constraint run_input_run_fk foreign key (tenant_id, run_id) references run (tenant_id, run_id) on delete cascade
);
create index run_input_user_idx on run_input (tenant_id, user_id);
comment on table run_input is 'What people sent to a run after it was created, numbered from 1.';
