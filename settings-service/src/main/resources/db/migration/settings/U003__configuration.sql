drop table setting_value;
drop table setting_definition;
drop table scheduled_item;
drop table scheduled_change;
drop table revision_item;
drop table revision;
drop table revision_head;
