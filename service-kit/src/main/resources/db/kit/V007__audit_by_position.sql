create index concurrently audit_entry_place_idx on audit_entry (position);
