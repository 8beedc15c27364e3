drop table price_rate;
drop table price_version;
