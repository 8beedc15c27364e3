drop table run_input;
drop table run_interrupt;
drop table run_step;
drop table run_lease;
drop table run;
drop table run_key;
