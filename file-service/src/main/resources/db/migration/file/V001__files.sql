create table blob (
  tenant_id   uuid        not null,
  blob_id     uuid        not null,
  bucket      text        not null,
  object_key  text        not null,
  state       text        not null constraint blob_state_check check (state in ('WRITING', 'READY', 'DELETING')),
  size        bigint      not null constraint blob_size_check check (size >= 0),
  sha256      text        constraint blob_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
  ref_count   int         not null constraint blob_ref_count_check check (ref_count >= 0),
  created_at  timestamptz not null,
  expires_at  timestamptz,
  constraint blob_pk primary key (tenant_id, blob_id),
  constraint blob_object_key_unique unique (tenant_id, object_key),
  constraint blob_ready_check check (state <> 'READY' or (sha256 is not null and ref_count > 0)),
  constraint blob_writing_check check (state <> 'WRITING' or expires_at is not null)
);
-- The same bytes are kept once in a tenant. Across tenants that would tell what others have.
create unique index blob_content_unique on blob (tenant_id, sha256) where state = 'READY';
-- By what the store lists: keys without tenants.
create index blob_object_key_idx on blob (object_key);
-- What the sweeper looks for.
create index blob_swept_idx on blob (tenant_id, blob_id) where state <> 'READY';

comment on table blob is 'One object of the store. The row is there before the object and goes after it.';
comment on column blob.object_key is 'Random: nobody can name an object, and no two uploads write the same.';
comment on column blob.ref_count is 'The files that have these bytes. At 0 the blob is DELETING.';
comment on column blob.expires_at is 'Until when its upload counts as alive; moved on while bytes arrive.';

create table file (
  tenant_id    uuid        not null,
  file_id      uuid        not null,
  owner_id     uuid        not null,
  filename     text        not null constraint file_filename_check check (length(filename) between 1 and 255),
  content_type text        not null constraint file_content_type_check check (length(content_type) <= 255),
  media_type   text        not null,
  purpose      text        not null
    constraint file_purpose_check check (purpose in ('ATTACHMENT', 'AVATAR', 'DOCUMENT', 'ARTIFACT')),
  state        text        not null
    constraint file_state_check check (state in ('PENDING', 'SCANNING', 'READY', 'REJECTED', 'DELETED')),
  blob_id      uuid,
  version      bigint      not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  released_at  timestamptz,
  constraint file_pk primary key (tenant_id, file_id),
  constraint file_blob_fk foreign key (tenant_id, blob_id) references blob (tenant_id, blob_id),
  constraint file_blob_check check ((state in ('PENDING', 'SCANNING', 'READY')) = (blob_id is not null))
);
create index file_owner_idx on file (tenant_id, owner_id, created_at desc, file_id desc) where state <> 'DELETED';
create index file_released_idx on file (tenant_id, file_id) where released_at is not null;
create index file_blob_idx on file (tenant_id, blob_id) where blob_id is not null;

comment on table file is 'What somebody uploaded: a name, an owner and, through a blob, bytes.';
comment on column file.released_at is 'When the last conversation it was attached to went: the sweeper deletes it, unless it is attached again.';
comment on column file.content_type is 'What the uploader said; media_type is what the bytes look like.';

create table file_link (
  tenant_id       uuid        not null,
  file_link_id    uuid        not null,
  file_id         uuid        not null,
  conversation_id uuid        not null,
  message_id      uuid,
  created_at      timestamptz not null,
  constraint file_link_pk primary key (tenant_id, file_link_id),
  constraint file_link_use_unique unique nulls not distinct (tenant_id, file_id, conversation_id, message_id),
  constraint file_link_file_fk foreign key (tenant_id, file_id) references file (tenant_id, file_id) on delete cascade
);
create index file_link_conversation_idx on file_link (tenant_id, conversation_id);

comment on table file_link is 'Where a file is used: members of the conversation may read it.';

create table storage_usage (
  tenant_id uuid   not null,
  owner_id  uuid   not null,
  bytes     bigint not null constraint storage_usage_bytes_check check (bytes >= 0),
  files     bigint not null constraint storage_usage_files_check check (files >= 0),
  constraint storage_usage_pk primary key (tenant_id, owner_id)
);

comment on table storage_usage is 'What READY files take, for each owner, and under the nil UUID for the whole tenant. Its rows are the locks of the quotas.';
