alter table blob add column multipart_id text;

comment on column blob.multipart_id is 'What the store calls the upload by which its parts arrive, where they do so over several requests.';

create table upload (
  tenant_id  uuid        not null,
  blob_id    uuid        not null,
  owner_id   uuid        not null,
  length     bigint      constraint upload_length_check check (length >= 0),
  received   bigint      not null constraint upload_received_check check (received >= 0 and received <= length),
  tail_id    uuid,
  epoch      int         not null,
  metadata   text        not null,
  expires_at timestamptz not null,
  constraint upload_pk primary key (tenant_id, blob_id),
  constraint upload_blob_fk foreign key (tenant_id, blob_id) references blob (tenant_id, blob_id) on delete cascade,
  constraint upload_tail_fk foreign key (tenant_id, tail_id) references blob (tenant_id, blob_id)
);
create index upload_owner_idx on upload (tenant_id, owner_id);
create index upload_tail_idx on upload (tenant_id, tail_id) where tail_id is not null;

comment on table upload is 'A blob whose bytes arrive over several requests. The blob''s size is what was announced of it.';
comment on column upload.received is 'The bytes that are kept: those of the parts, then those of the tail.';
comment on column upload.tail_id is 'The object of the bytes behind the last part, too few to be one.';
comment on column upload.epoch is 'Counts the requests that continued it: only the newest may.';
comment on column upload.expires_at is 'Until when it may be continued. Its blob is alive a while longer.';

create table upload_part (
  tenant_id uuid   not null,
  blob_id   uuid   not null,
  number    int    not null constraint upload_part_number_check check (number between 1 and 10000),
  etag      text   not null,
  length    bigint not null constraint upload_part_length_check check (length > 0),
  constraint upload_part_pk primary key (tenant_id, blob_id, number),
  constraint upload_part_upload_fk foreign key (tenant_id, blob_id) references upload (tenant_id, blob_id) on delete cascade
);

comment on table upload_part is 'A part that the store has, and its mark for it, which joining the parts asks for.';
