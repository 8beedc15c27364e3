package dev.agentserver.conversation.message;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// Takes the content out of messages. Their places stay: other messages hang on them.
public final class Deletions {
  private static final String RESOURCE = "message";

  /// Whether nothing of a conversation may be removed.
  @FunctionalInterface
  public interface Held {
    boolean holds(DSLContext db, UUID tenantId, UUID conversationId);
  }

  private final Held held;
  private final Writes writes;
  private final AuditTrail audit;
  private final Feed feed;
  private final Entries entries;
  private final FileLinks files;
  private final DeletionStore store = new DeletionStore();

  public Deletions(
      Held held, Writes writes, AuditTrail audit, Feed feed, Entries entries, FileLinks files) {
    this.held = held;
    this.writes = writes;
    this.audit = audit;
    this.feed = feed;
    this.entries = entries;
    this.files = files;
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID messageId) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var conversationId =
              store
                  .conversation(db, caller, messageId)
                  .orElseThrow(() -> new Problem.NotFound(RESOURCE, messageId.toString()).raise());
          if (!Access.WRITE.lock(db, caller, conversationId)) {
            throw Access.WRITE.refusal(db, caller, conversationId);
          }
          if (held.holds(db, caller.tenantId(), conversationId)) {
            throw new Problem.Refused(
                    "LEGAL_HOLD",
                    "the conversation is held",
                    Map.of("id", conversationId.toString()))
                .raise();
          }
          var conversation = new StreamKey(caller.tenantId(), conversationId);
          if (store.takeOut(db, conversation, messageId)) {
            tell(db, conversation, messageId);
            audit.record(
                db,
                caller,
                new AuditRecord(attempt.method(), RESOURCE, messageId.toString(), Map.of()));
          }
          return true;
        });
  }

  private void tell(DSLContext db, StreamKey conversation, UUID messageId) {
    var deleted = EventRow.ofMessage(EventType.MESSAGE_DELETED, messageId, null);
    var seq = feed.append(db, conversation.tenantId(), conversation.id(), deleted);
    store.known(db, conversation.tenantId(), messageId, seq);
    entries.changed(db, conversation.tenantId(), conversation.id());
    files.detached(db, conversation.tenantId(), messageId);
  }
}
