drop index thing_name_idx;
