alter table rewrap drop column key_id;
