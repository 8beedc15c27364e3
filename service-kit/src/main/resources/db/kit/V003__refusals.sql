create table refusal_count (
  minute  timestamptz not null,
  reason  text        not null,
  address text        not null,
  count   bigint      not null constraint refusal_count_count_check check (count > 0),
  constraint refusal_count_pk primary key (minute, reason, address)
);
comment on table refusal_count is 'Refusals of calls without a credential, counted: an entry each would let a stranger fill the disk. No tenant is known.';
