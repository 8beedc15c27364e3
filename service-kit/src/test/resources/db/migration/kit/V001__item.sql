create table item (
  tenant_id uuid not null,
  id        uuid not null,
  name      text not null constraint item_name_check check (name <> ''),
  count     int  not null default 0,
  constraint item_pk primary key (tenant_id, id),
  constraint item_name_unique unique (tenant_id, name)
);
comment on table item is 'What the kit is tried on.';
