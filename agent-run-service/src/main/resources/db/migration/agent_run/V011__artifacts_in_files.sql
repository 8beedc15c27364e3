alter table session_artifact_revision
  add column file_id uuid,
  alter column content drop not null,
  drop constraint session_artifact_revision_size_check,
  drop constraint session_artifact_revision_content_check,
  add constraint session_artifact_revision_size_check
    check (size_bytes >= 0 and (file_id is not null or size_bytes <= 262144)),
  add constraint session_artifact_revision_content_check
    check ((content is null) = (file_id is not null) and (content is null or octet_length(content) = size_bytes));

comment on column session_artifact_revision.file_id is 'The file of file-service that holds what it says; null: content does.';
