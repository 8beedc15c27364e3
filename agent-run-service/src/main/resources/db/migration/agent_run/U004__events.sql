drop function drop_event_partition(date);
drop function event_partitions();
drop function make_event_partitions(int);
drop table run_event;
drop table event_stream;
