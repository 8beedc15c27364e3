package dev.agentserver.file.link;

import dev.agentserver.file.file.FileStore;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Where files are used, and who may read them therefore.
public final class Links {
  private static final int MOST = 100;
  private static final String WRITE = "file:write";

  private final Database database;
  private final Ids ids;
  private final ConversationPeer conversations;
  private final FileStore files = new FileStore();
  private final LinkStore store = new LinkStore();

  public Links(Database database, Ids ids, ConversationPeer conversations) {
    this.database = database;
    this.ids = ids;
    this.conversations = conversations;
  }

  /// A page of links, and where the next one begins; null on the last.
  public record Page(List<Link> links, @Nullable Link next) {}

  /// A file that the caller may read: its own, or one that is attached to a conversation of
  /// theirs.
  public StoredFile readable(Caller caller, UUID id) {
    var own = database.read(db -> files.find(db, caller, "file:read", id));
    return own.or(() -> attached(caller, id)).orElseThrow(() -> missing(id));
  }

  private Optional<StoredFile> attached(Caller caller, UUID id) {
    var tenant = caller.tenantId();
    var linked = database.read(db -> store.conversations(db, tenant, id, MOST));
    return linked.stream().anyMatch(conversations::isReadable)
        ? database.read(db -> files.find(db, tenant, id))
        : Optional.empty();
  }

  /// A file of the caller's. One that may be read only is told apart from one that is not there.
  public StoredFile owned(Caller caller, String permission, UUID id) {
    return database
        .read(db -> files.find(db, caller, permission, id))
        .orElseThrow(() -> refusal(caller, id));
  }

  /// Why a file is not among those that the caller may change.
  public RuntimeException refusal(Caller caller, UUID id) {
    readable(caller, id);
    return new Problem.Denied("member:OWNER").raise();
  }

  public Link attach(Caller caller, Link.Use use) {
    owned(caller, WRITE, use.fileId()).readable();
    conversations.requireWritable(use.conversationId(), use.messageId());
    var tenant = caller.tenantId();
    return database.write(
        db -> {
          files
              .lock(db, tenant, use.fileId())
              .filter(row -> row.blobId() != null)
              .orElseThrow(() -> missing(use.fileId()));
          store.insert(db, tenant, ids.next(), use);
          if (store.count(db, tenant, use.fileId()) > MOST) {
            throw new Problem.Refused(
                    "TOO_MANY",
                    "a file is attached at most " + MOST + " times",
                    Map.of("resource", "file_link", "limit", Integer.toString(MOST)))
                .raise();
          }
          return store.find(db, tenant, use);
        });
  }

  public void detach(Caller caller, Link.Use use) {
    owned(caller, WRITE, use.fileId());
    database.write(
        db -> {
          store.remove(db, caller.tenantId(), use);
          return true;
        });
  }

  /// @param after the last of the page before; null: the first page
  public Page list(Caller caller, UUID fileId, @Nullable Link after, int size) {
    owned(caller, "file:read", fileId);
    var found = database.read(db -> store.list(db, caller.tenantId(), fileId, after, size + 1));
    return found.size() > size
        ? new Page(found.subList(0, size), found.get(size - 1))
        : new Page(found, null);
  }

  /// A file that is deleted is used nowhere.
  public void removeAll(DSLContext db, UUID tenantId, UUID fileId) {
    store.removeAll(db, tenantId, fileId);
  }

  /// Whether a file is used anywhere.
  public boolean isUsed(DSLContext db, UUID tenantId, UUID fileId) {
    return store.count(db, tenantId, fileId) > 0;
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound(StoredFile.RESOURCE, id.toString()).raise();
  }
}
