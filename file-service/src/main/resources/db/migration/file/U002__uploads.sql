drop table upload_part;
drop table upload;
alter table blob drop column multipart_id;
