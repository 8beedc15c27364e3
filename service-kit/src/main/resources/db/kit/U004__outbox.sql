drop function number_facts(int);
drop table outbox_fact;
drop table outbox_consumer;
drop table outbox_head;
