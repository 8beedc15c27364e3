drop index agent_deleted_idx;
drop index session_ending_idx;
alter table session drop column ending;
drop index run_session_open_idx;
alter table run drop column active_since;
alter table run drop column active_ms;
