package dev.agentserver.conversation.link;

import dev.agentserver.conversation.link.FilePeer.File;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The links from messages to files: made only to what is there and may be read by whoever writes.
///
/// Facts: `message.attached` with conversation_id and file_ids, separated by commas, by which
/// file-service learns of the links, and `message.deleted`. A file that went meanwhile it tells of
/// again.
public final class FileLinks {
  /// A link that somebody wants.
  ///
  /// @param field where it stands in the request
  public record Link(String field, UUID fileId) {}

  private final @Nullable FilePeer files;
  private final Outbox outbox;

  /// @param files null: there is no file-service
  public FileLinks(@Nullable FilePeer files, Outbox outbox) {
    this.files = files;
    this.outbox = outbox;
  }

  /// The files by their ids. Fails with UNKNOWN_FILE for the first link to a file that the caller
  /// may not see. It asks another service: never within a transaction.
  public Map<UUID, File> check(List<Link> links) {
    if (links.isEmpty()) {
      return Map.of();
    }
    var first = links.getFirst();
    if (files == null) {
      throw new Problem.Refused(
              "FILE_SERVICE_ABSENT", "there is no file-service", Map.of("field", first.field()))
          .raise();
    }
    var found = files.find(links.stream().map(Link::fileId).distinct().toList());
    if (found.missing() != null) {
      throw unknown(named(links, found.missing()));
    }
    var byId = found.files().stream().collect(Collectors.toMap(File::id, Function.identity()));
    links.forEach(link -> requireReady(byId.get(link.fileId())));
    return byId;
  }

  private static Link named(List<Link> links, UUID id) {
    return links.stream()
        .filter(link -> link.fileId().equals(id))
        .findFirst()
        .orElse(links.getFirst());
  }

  private static RuntimeException unknown(Link link) {
    return new Problem.Refused(
            "UNKNOWN_FILE",
            "there is no file " + link.fileId() + " that can be read",
            Map.of("field", link.field(), "id", link.fileId().toString()))
        .raise();
  }

  private static void requireReady(File file) {
    if (!file.state().equals("READY")) {
      throw new Problem.Refused(
              "FILE_NOT_READY",
              "the bytes of file " + file.id() + " cannot be read",
              Map.of("id", file.id().toString(), "state", file.state()))
          .raise();
    }
  }

  /// Tells that no files go with a message any more.
  public void detached(DSLContext db, UUID tenantId, UUID messageId) {
    outbox.publish(db, tenantId, "message.deleted", messageId.toString(), Map.of());
  }

  /// Tells that files go with a message, with the transaction.
  public void attached(
      DSLContext db, UUID tenantId, UUID conversationId, UUID messageId, Collection<UUID> fileIds) {
    if (!fileIds.isEmpty()) {
      outbox.publish(
          db,
          tenantId,
          "message.attached",
          messageId.toString(),
          Map.of(
              "conversation_id",
              conversationId.toString(),
              "file_ids",
              fileIds.stream().distinct().map(UUID::toString).collect(Collectors.joining(","))));
    }
  }
}
