create index concurrently thing_name_idx on thing (tenant_id, name);
