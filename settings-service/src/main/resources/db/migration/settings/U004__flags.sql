drop table flag;
