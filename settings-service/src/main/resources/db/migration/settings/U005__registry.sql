drop table tool_version;
drop table tool;
drop table integration_setting;
drop table integration;
drop table model;
drop table provider;
drop table registry_head;
