drop function number_audit_entries(int);
drop table audit_entry;
drop function audit_entry_seal();
drop table audit_head;
