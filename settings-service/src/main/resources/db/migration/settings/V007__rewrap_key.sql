-- What was done so far is told by the rows that it was done to.
delete from rewrap;
alter table rewrap add column key_id text not null constraint rewrap_key_check check (key_id ~ '^[a-z][A-Za-z0-9_.-]{0,127}$');
comment on column rewrap.key_id is 'The master key that everything is brought under: processes that have another as their primary leave it alone.';
