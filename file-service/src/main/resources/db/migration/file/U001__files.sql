drop table storage_usage;
drop table file_link;
drop table file;
drop table blob;
