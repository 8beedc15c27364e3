drop table legal_hold;
alter table conversation drop column listed_at, drop column tenant_role;
