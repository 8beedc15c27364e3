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
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Where files are used, and who may read them therefore.
public final class Links {
  private static final int MOST = 100;

  /// What others are asked about at once.
  private static final int MOST_ASKED = 1000;

  private static final String READ = "file:read";
  private static final String WRITE = "file:write";

  private final Database database;
  private final Ids ids;
  private final ConversationPeer conversations;
  private final AgentRunPeer agentRuns;
  private final Grants grants;
  private final FileNews news;
  private final FileStore files = new FileStore();
  private final LinkStore store = new LinkStore();

  /// @param nanoTime a clock that only goes on
  public Links(
      Database database,
      Ids ids,
      ConversationPeer conversations,
      AgentRunPeer agentRuns,
      FileNews news,
      LongSupplier nanoTime) {
    this.database = database;
    this.ids = ids;
    this.conversations = conversations;
    this.agentRuns = agentRuns;
    this.grants = new Grants(conversations, agentRuns, nanoTime);
    this.news = news;
  }

  /// A page of links, and where the next one begins; null on the last.
  public record Page(List<Link> links, @Nullable Link next) {}

  /// A file that the caller may read: its own, or one that is used where they may read. A run reads
  /// what is used in its conversation and its session, and nothing else that its user has.
  public StoredFile readable(Caller caller, UUID id) {
    return readable(caller, List.of(id)).getFirst();
  }

  /// The same of several, in the order of their ids.
  public List<StoredFile> readable(Caller caller, List<UUID> fileIds) {
    var found = database.read(db -> found(db, caller, fileIds));
    return fileIds.stream()
        .map(
            id ->
                Optional.ofNullable(found.get(id))
                    .filter(each -> each.own() || grants.may(caller, id, each.uses()))
                    .map(Found::file)
                    .orElseThrow(() -> missing(id)))
        .toList();
  }

  /// A file of the tenant's.
  ///
  /// @param own whether the caller may read it whatever uses it
  private record Found(StoredFile file, boolean own, Uses uses) {}

  private Map<UUID, Found> found(DSLContext db, Caller caller, List<UUID> fileIds) {
    var tenant = caller.tenantId();
    var there = files.find(db, tenant, fileIds);
    var others = there.stream().filter(file -> !isOwn(caller, file)).map(StoredFile::id).toList();
    var uses =
        others.isEmpty()
            ? Map.<UUID, Uses>of()
            : store.uses(db, tenant, others, MOST_ASKED * others.size());
    return there.stream()
        .collect(
            Collectors.toMap(
                StoredFile::id,
                file ->
                    new Found(
                        file, isOwn(caller, file), uses.getOrDefault(file.id(), Uses.none()))));
  }

  private static boolean isOwn(Caller caller, StoredFile file) {
    return caller.run() == null
        && (caller.mayAny(READ) || file.ownerId().equals(caller.principalId()));
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
    requireWritable(use);
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

  private void requireWritable(Link.Use use) {
    if (use.agentId() == null) {
      conversations.requireWritable(use.conversationId(), use.messageId());
    } else {
      agentRuns.requireAgent(use.agentId());
    }
  }

  /// What a run uploads is used by its session, and in its conversation, from the beginning.
  public void attachToRun(DSLContext db, Caller caller, UUID fileId) {
    var run = caller.run();
    if (run != null) {
      var use =
          run.sessionId() == null
              ? Link.Use.inConversation(fileId, run.conversationId(), null)
              : Link.Use.ofSession(fileId, run.sessionId(), run.conversationId());
      store.insert(db, caller.tenantId(), ids.next(), use);
    }
  }

  public void detach(Caller caller, Link.Use use) {
    owned(caller, WRITE, use.fileId());
    database.write(
        db -> {
          if (store.remove(db, caller.tenantId(), use) && use.messageId() != null) {
            news.detached(db, caller.tenantId(), use.fileId(), use.messageId());
          }
          return true;
        });
  }

  /// @param after the last of the page before; null: the first page
  public Page list(Caller caller, UUID fileId, @Nullable Link after, int size) {
    owned(caller, READ, fileId);
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
