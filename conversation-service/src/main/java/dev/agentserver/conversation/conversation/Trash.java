package dev.agentserver.conversation.conversation;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.conversation.ConversationStore.Presence;
import dev.agentserver.conversation.entry.ConversationKey;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.hold.LegalHoldStore;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/// Deletes conversations, brings them back, and removes for good those whose time is over.
///
/// Facts: `conversation.deleted` and `conversation.undeleted` when one goes and comes back,
/// `conversation.purged` when its rows are gone; none has further data.
public final class Trash {
  private static final String RESOURCE = "conversation";
  private static final int BATCH = 100;

  private final Database database;
  private final Writes writes;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Feed feed;
  private final Entries entries;
  private final Supplier<Duration> keep;
  private final ConversationStore store = new ConversationStore();
  private final TrashStore due = new TrashStore();
  private final LegalHoldStore holds = new LegalHoldStore();

  /// @param keep how long the deleted can be brought back; zero: not at all
  public Trash(
      Database database,
      Writes writes,
      Outbox outbox,
      AuditTrail audit,
      Feed feed,
      Entries entries,
      Supplier<Duration> keep) {
    this.database = database;
    this.writes = writes;
    this.outbox = outbox;
    this.audit = audit;
    this.feed = feed;
    this.entries = entries;
    this.keep = keep;
  }

  /// @param purge removes it at once, also when it is in the trash already
  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag, boolean purge) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current =
              store
                  .lock(db, caller, Access.DELETE, purge ? Presence.ANY : Presence.LIVE, id)
                  .orElseThrow(() -> Access.DELETE.refusal(db, caller, id));
          Conversations.checkEtag(current, etag);
          var held = holds.isHeld(db, caller.tenantId(), id);
          if (purge && held) {
            throw new Problem.Refused(
                    "LEGAL_HOLD", "the conversation is held", Map.of("id", id.toString()))
                .raise();
          }
          if (!current.deleted()) {
            publish(db, caller.tenantId(), "deleted", id);
          }
          if (!held && (purge || keep.get().isZero())) {
            var key = List.of(new ConversationKey(caller.tenantId(), id));
            entries.gone(db, key);
            due.purge(db, key);
            publish(db, caller.tenantId(), "purged", id);
          } else {
            store.markDeleted(db, caller.tenantId(), id, keep.get());
            feed.append(
                db,
                caller.tenantId(),
                id,
                EventRow.ofConversation(EventType.CONVERSATION_DELETED, null));
            entries.changed(db, caller.tenantId(), id);
          }
          record(db, caller, attempt.method(), id, Map.of("purge", Boolean.toString(purge)));
          return true;
        });
  }

  Conversation undelete(Caller caller, Attempt<Conversation> attempt, UUID id) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current =
              store
                  .lock(db, caller, Access.DELETE, Presence.ANY, id)
                  .orElseThrow(() -> Access.DELETE.refusal(db, caller, id));
          if (!current.deleted()) {
            throw new Problem.Refused(
                    "NOT_DELETED", "the conversation is not deleted", Map.of("id", id.toString()))
                .raise();
          }
          var lifetime = Conversations.lifetime(current.temporary());
          Conversations.naming(
              id, current.attributes(), () -> store.markLive(db, caller.tenantId(), id, lifetime));
          feed.append(
              db,
              caller.tenantId(),
              id,
              Conversations.changed(current.attributes(), current.version() + 1));
          entries.changed(db, caller.tenantId(), id);
          publish(db, caller.tenantId(), "undeleted", id);
          record(db, caller, attempt.method(), id, Map.of());
          return store
              .find(db, caller, Access.READ, id)
              .orElseThrow(() -> new Problem.NotFound(RESOURCE, id.toString()).raise());
        });
  }

  /// Removes what is due, in batches, and returns how many conversations there were.
  public int purgeDue() {
    var purged = 0;
    int batch;
    do {
      batch = database.write(this::purgeBatch);
      purged += batch;
    } while (batch == BATCH);
    boolean more;
    do {
      more = database.write(entries::forgetGone);
    } while (more);
    return purged;
  }

  private int purgeBatch(DSLContext db) {
    var rows = due.lockDue(db, BATCH);
    for (var row : rows) {
      publish(db, row.tenantId(), "purged", row.conversationId());
    }
    entries.gone(db, rows);
    due.purge(db, rows);
    return rows.size();
  }

  private void publish(DSLContext db, UUID tenantId, String what, UUID id) {
    outbox.publish(db, tenantId, RESOURCE + "." + what, id.toString(), Map.of());
  }

  private void record(
      DSLContext db, Caller caller, String action, UUID id, Map<String, String> changes) {
    audit.record(db, caller, new AuditRecord(action, RESOURCE, id.toString(), changes));
  }
}
