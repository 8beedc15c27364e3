drop table refusal_count;
