create table outbox_fact (
  tenant_id  uuid        not null,
  id         uuid        not null,
  position   bigint      constraint outbox_fact_position_check check (position > 0),
  type       text        not null,
  subject_id text        not null,
  data       jsonb       not null constraint outbox_fact_data_check check (jsonb_typeof(data) = 'object'),
  created_at timestamptz not null default clock_timestamp(),
  constraint outbox_fact_pk primary key (tenant_id, id),
  constraint outbox_fact_position_unique unique (tenant_id, position)
);
create index outbox_fact_position_idx on outbox_fact (position);
create index outbox_fact_pending_idx on outbox_fact (created_at, id) where position is null;
comment on table outbox_fact is 'What others must learn. Written without a position in the transaction of its effect; the sequencer numbers what is committed.';

create table outbox_head (
  id            int    not null constraint outbox_head_single_check check (id = 1),
  last_position bigint not null constraint outbox_head_position_check check (last_position >= 0),
  constraint outbox_head_pk primary key (id)
);
insert into outbox_head (id, last_position) values (1, 0);
comment on table outbox_head is 'The last position given to a fact. One row.';

create table outbox_consumer (
  consumer text        not null,
  position bigint      not null constraint outbox_consumer_position_check check (position >= 0),
  asked_at timestamptz not null,
  constraint outbox_consumer_pk primary key (consumer)
);
comment on table outbox_consumer is 'Who reads the facts, and after which position it asked last: facts are kept until every consumer has passed them.';

-- Numbers committed facts without gaps and returns the last position given. One round trip that commits by itself, so no process that is
-- stopped between statements can hold the head. Facts that were committed one after the other are ordered by their creation times;
-- a transaction that is still open holds nobody up: its facts are numbered when they are there.
create function number_facts(batch int) returns bigint language plpgsql as $$
declare
  head bigint;
begin
  if not exists (select from outbox_fact where position is null) then
    return (select last_position from outbox_head);
  end if;
  select last_position into strict head from outbox_head for update;
  with pending as (
    select tenant_id, id, row_number() over (order by created_at, id) as place
    from (select tenant_id, id, created_at from outbox_fact where position is null order by created_at, id limit batch) oldest
  ), numbered as (
    update outbox_fact f set position = head + p.place from pending p where f.tenant_id = p.tenant_id and f.id = p.id returning 1
  )
  update outbox_head set last_position = head + (select count(*) from numbered) returning last_position into head;
  return head;
end $$;
