alter table usage_event drop constraint usage_event_usage_state_check;
alter table usage_event add constraint usage_event_usage_state_check
  check (usage_state in ('REPORTED', 'PARTIAL', 'ESTIMATED', 'MISSING', 'INVALID', 'VOID'));

create table usage_correction (
  tenant_id     uuid        not null,
  event_id      uuid        not null,
  number        int         not null constraint usage_correction_number_check check (number > 0),
  actor_id      uuid,
  reason        text        not null constraint usage_correction_reason_check check (length(reason) between 1 and 1024),
  raw           text        constraint usage_correction_raw_check check (octet_length(raw) <= 131072),
  usage_state   text        not null
    constraint usage_correction_usage_state_check check (usage_state in ('REPORTED', 'PARTIAL', 'ESTIMATED', 'MISSING', 'INVALID', 'VOID')),
  reported_cost numeric,
  line_count    int         not null constraint usage_correction_line_count_check check (line_count >= 0),
  created_at    timestamptz not null,
  constraint usage_correction_pk primary key (tenant_id, event_id, number),
  constraint usage_correction_event_fk foreign key (tenant_id, event_id) references usage_event (tenant_id, event_id) on delete cascade
);
comment on table usage_correction is 'That what was recorded of a call was wrong: who said so and why, and what had been recorded until then.';
comment on column usage_correction.actor_id is 'Null: one who was erased.';
comment on column usage_correction.line_count is 'The lines that there were: those after it are of this correction, or came later.';

create table usage_correction_quantity (
  tenant_id uuid    not null,
  event_id  uuid    not null,
  number    int     not null,
  reading   int     not null constraint usage_correction_quantity_reading_check check (reading > 0),
  model     text    not null,
  unit      text    not null constraint usage_correction_quantity_unit_check check (length(unit) between 1 and 64),
  quantity  numeric not null constraint usage_correction_quantity_quantity_check check (quantity >= 0),
  constraint usage_correction_quantity_pk primary key (tenant_id, event_id, number, reading, unit),
  constraint usage_correction_quantity_correction_fk foreign key (tenant_id, event_id, number)
    references usage_correction (tenant_id, event_id, number) on delete cascade
);
comment on table usage_correction_quantity is 'What had been recorded as used until a correction.';
