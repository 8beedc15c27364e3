drop table erasure_report_table;
