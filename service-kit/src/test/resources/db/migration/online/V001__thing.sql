create table thing (
  tenant_id uuid not null,
  id        uuid not null,
  name      text not null,
  constraint thing_pk primary key (tenant_id, id)
);
comment on table thing is 'What an index is added to while it is in use.';
