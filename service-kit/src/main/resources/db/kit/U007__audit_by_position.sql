drop index audit_entry_place_idx;
