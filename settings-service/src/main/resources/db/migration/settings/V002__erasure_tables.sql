create table erasure_report_table (
  tenant_id      uuid   not null,
  erasure_id     uuid   not null,
  service        text   not null,
  table_name     text   not null constraint erasure_report_table_name_check check (length(table_name) between 1 and 63),
  rows_removed   bigint not null constraint erasure_report_table_removed_check check (rows_removed >= 0),
  rows_changed   bigint not null constraint erasure_report_table_changed_check check (rows_changed >= 0),
  rows_remaining bigint not null constraint erasure_report_table_remaining_check check (rows_remaining >= 0),
  constraint erasure_report_table_pk primary key (tenant_id, erasure_id, service, table_name),
  constraint erasure_report_table_report_fk foreign key (tenant_id, erasure_id, service)
    references erasure_report (tenant_id, erasure_id, service) on delete cascade
);
comment on table erasure_report_table is 'A service''s report, table by table.';
