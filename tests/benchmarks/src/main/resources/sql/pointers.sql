-- The path once more, each message with its parent's id.
create schema if not exists benchmark;
drop table if exists benchmark.pointer;
create table benchmark.pointer as
  select m.*, case when depth > 0 then (:prefix || lpad(to_hex(:said + depth - 1), 12, '0'))::uuid end as parent_id
  from message m where tenant_id = :tenant and conversation_id = :conversation;
alter table benchmark.pointer add primary key (tenant_id, message_id);
analyze benchmark.pointer, branch, message;
