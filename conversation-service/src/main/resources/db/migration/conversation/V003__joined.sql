-- now() is one value for all rows there are, so the table is not rewritten.
alter table conversation_member add column joined_at timestamptz not null default now();
comment on column conversation_member.joined_at is 'When the user became a member: the oldest editor inherits the conversation of an owner who is erased.';
