delete from session_artifact_revision where file_id is not null;
alter table session_artifact_revision
  drop constraint session_artifact_revision_size_check,
  drop constraint session_artifact_revision_content_check,
  drop column file_id,
  alter column content set not null,
  add constraint session_artifact_revision_size_check check (size_bytes between 0 and 262144),
  add constraint session_artifact_revision_content_check check (octet_length(content) = size_bytes);
