drop table usage_correction_quantity;
drop table usage_correction;
alter table usage_event drop constraint usage_event_usage_state_check;
alter table usage_event add constraint usage_event_usage_state_check
  check (usage_state in ('REPORTED', 'PARTIAL', 'ESTIMATED', 'MISSING', 'INVALID'));
