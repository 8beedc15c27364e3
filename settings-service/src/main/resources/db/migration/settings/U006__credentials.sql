drop table rewrap;
alter table scheduled_item drop column wrapped_dek, drop column kek_version, drop column kek_id;
alter table setting_value drop column wrapped_dek, drop column kek_version, drop column kek_id;
drop table credential;
drop table master_key_version;
drop table master_key;
