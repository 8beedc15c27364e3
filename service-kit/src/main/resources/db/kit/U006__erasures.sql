drop function audit_faults(bigint, int);
drop table erasure_tally;
drop table erasure_task;
drop table outbox_applied;
drop table outbox_cursor;
