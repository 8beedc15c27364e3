-- What the runtime role may do, said again after every migration, because migrations bring new tables.
grant usage on schema "${flyway:defaultSchema}" to "${runtime}";
grant select, insert, update, delete on all tables in schema "${flyway:defaultSchema}" to "${runtime}";
revoke update, delete on audit_entry from "${runtime}";
revoke insert, update, delete on audit_head, kit_schema_history from "${runtime}";
revoke insert, update, delete on "${flyway:table}" from "${runtime}";
grant usage on all sequences in schema "${flyway:defaultSchema}" to "${runtime}";
revoke execute on all functions in schema "${flyway:defaultSchema}" from public;
grant execute on all functions in schema "${flyway:defaultSchema}" to "${runtime}";
