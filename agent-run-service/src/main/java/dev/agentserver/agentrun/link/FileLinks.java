package dev.agentserver.agentrun.link;

import dev.agentserver.agentrun.link.FilePeer.File;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The links from artifacts to files: made only to what is there and may be read by whoever puts
/// the artifact.
///
/// Facts, by which file-service learns of the links: `artifact.put` of a session, with file_id and
/// conversation_id, which may be empty; `artifact.dropped` of a session, with file_id, when no
/// revision is left that is that file; `session.deleted` and `agent.deleted`.
public final class FileLinks {
  private final @Nullable FilePeer files;
  private final Outbox outbox;

  /// @param files null: there is no file-service
  public FileLinks(@Nullable FilePeer files, Outbox outbox) {
    this.files = files;
    this.outbox = outbox;
  }

  /// The file. Fails with UNKNOWN_FILE where the caller may not see it. It asks another service:
  /// never within a transaction.
  ///
  /// @param field named when it is refused
  public File require(String field, UUID fileId) {
    if (files == null) {
      throw new Problem.Refused(
              "FILE_SERVICE_ABSENT", "there is no file-service to hold it", Map.of("field", field))
          .raise();
    }
    var file =
        files
            .find(fileId)
            .orElseThrow(
                () ->
                    new Problem.Refused(
                            "UNKNOWN_FILE",
                            "there is no file " + fileId + " that can be read",
                            Map.of("field", field, "id", fileId.toString()))
                        .raise());
    if (!file.state().equals("READY")) {
      throw new Problem.Refused(
              "FILE_NOT_READY",
              "the bytes of file " + fileId + " cannot be read",
              Map.of("id", fileId.toString(), "state", file.state()))
          .raise();
    }
    return file;
  }

  /// @param conversationId what the session is talked about in; null: none
  public void put(
      DSLContext db, UUID tenantId, UUID sessionId, @Nullable UUID conversationId, UUID fileId) {
    outbox.publish(
        db,
        tenantId,
        "artifact.put",
        sessionId.toString(),
        Map.of(
            "file_id",
            fileId.toString(),
            "conversation_id",
            conversationId == null ? "" : conversationId.toString()));
  }

  public void dropped(DSLContext db, UUID tenantId, UUID sessionId, UUID fileId) {
    outbox.publish(
        db,
        tenantId,
        "artifact.dropped",
        sessionId.toString(),
        Map.of("file_id", fileId.toString()));
  }

  public void sessionDeleted(DSLContext db, UUID tenantId, UUID sessionId) {
    outbox.publish(db, tenantId, "session.deleted", sessionId.toString(), Map.of());
  }

  public void agentDeleted(DSLContext db, UUID tenantId, UUID agentId) {
    outbox.publish(db, tenantId, "agent.deleted", agentId.toString(), Map.of());
  }
}
