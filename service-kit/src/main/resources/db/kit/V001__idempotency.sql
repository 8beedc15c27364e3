create table idempotency_key (
  tenant_id    uuid        not null,
  principal_id uuid        not null,
  method       text        not null,
  request_id   text        not null,
  request_hash bytea       not null constraint idempotency_key_hash_check check (octet_length(request_hash) = 32),
  reply        bytea,
  created_at   timestamptz not null default clock_timestamp(),
  constraint idempotency_key_pk primary key (tenant_id, principal_id, method, request_id)
) with (fillfactor = 80);
create index idempotency_key_created_idx on idempotency_key (created_at);
comment on table idempotency_key is 'One write of one principal: claimed before its effect, so that concurrent retries wait; the reply is null only while the effect runs.';
