drop table item;
