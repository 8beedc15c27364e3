package dev.agentserver.conversation.conversation;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.conversation.ConversationListStore.Listed;
import dev.agentserver.conversation.conversation.ConversationListStore.Position;
import dev.agentserver.conversation.conversation.ConversationStore.Presence;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.message.Appender;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Creates, finds and changes conversations.
public final class Conversations {
  /// How long a temporary conversation lives.
  static final Duration TEMPORARY_LIFETIME = Duration.ofDays(1);

  private static final int MAX_METADATA = 16;
  private static final String RESOURCE = "conversation";

  /// A conversation that was made, with its first messages.
  public record Created(Conversation conversation, List<Message> messages) {}

  /// A page of the caller's list, and where the next one begins; null on the last.
  record Page(List<Conversation> conversations, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final Appender appender;
  private final Feed feed;
  private final Entries entries;
  private final Ids ids;
  private final ConversationStore store = new ConversationStore();
  private final ConversationListStore lists = new ConversationListStore();

  public Conversations(
      Database database, Writes writes, Appender appender, Feed feed, Entries entries, Ids ids) {
    this.database = database;
    this.writes = writes;
    this.appender = appender;
    this.feed = feed;
    this.entries = entries;
    this.ids = ids;
  }

  Created create(Caller caller, Attempt<Created> attempt, NewConversation draft) {
    appender.checkRuns(caller, draft.id(), draft.messages());
    return writes.once(
        caller,
        attempt,
        db -> {
          var id = draft.id() == null ? ids.next() : draft.id();
          naming(
              id,
              draft.attributes(),
              () ->
                  entries.added(
                      db,
                      caller,
                      store.insert(
                          db,
                          caller,
                          id,
                          draft.attributes(),
                          draft.temporary(),
                          lifetime(draft.temporary()))));
          var messages =
              draft.messages().isEmpty()
                  ? List.<Message>of()
                  : appender.append(db, caller, id, null, draft.messages());
          return new Created(find(db, caller, id), messages);
        });
  }

  public Conversation get(Caller caller, UUID id) {
    return database.read(db -> find(db, caller, id));
  }

  Page list(Caller caller, ConversationFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> lists.list(db, caller, filter, after, size + 1));
    var page = found.size() > size ? found.subList(0, size) : found;
    return new Page(
        page.stream().map(Listed::conversation).toList(),
        found.size() > size ? page.getLast().position() : null);
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Conversation update(
      Caller caller, Attempt<Conversation> attempt, UUID id, String etag, List<Edit> edits) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current =
              store
                  .lock(db, caller, Access.WRITE, Presence.LIVE, id)
                  .orElseThrow(() -> Access.WRITE.refusal(db, caller, id));
          checkEtag(current, etag);
          var attributes = current.attributes();
          for (var edit : edits) {
            attributes = edit.applyTo(attributes, current);
          }
          if (attributes.metadata().size() > MAX_METADATA) {
            throw Problem.invalid(
                "conversation.metadata", "must have at most " + MAX_METADATA + " pairs");
          }
          if (attributes.equals(current.attributes())) {
            return current;
          }
          var changed = attributes;
          naming(id, changed, () -> store.update(db, caller.tenantId(), id, changed));
          feed.append(db, caller.tenantId(), id, changed(changed, current.version() + 1));
          entries.changed(db, caller.tenantId(), id);
          return find(db, caller, id);
        });
  }

  /// @param throughSeq the newest event the caller has seen; 0: everything
  Conversation markRead(Caller caller, UUID id, long throughSeq) {
    return database.write(
        db -> {
          entries.read(db, caller, id, throughSeq);
          return find(db, caller, id);
        });
  }

  /// Refuses a write by somebody who has seen another state than the current one.
  static void checkEtag(Conversation current, String etag) {
    if (!etag.isEmpty() && !current.matches(etag)) {
      throw new Problem.Stale(RESOURCE, current.id().toString(), current.etag()).raise();
    }
  }

  static @Nullable Duration lifetime(boolean temporary) {
    return temporary ? TEMPORARY_LIFETIME : null;
  }

  /// Runs a write and says what was taken when the database finds a value that must be unique.
  static void naming(UUID id, Attributes attributes, Runnable write) {
    try {
      write.run();
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "conversation_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "conversation_external_id_unique" ->
            new Problem.AlreadyExists(RESOURCE, "external_id " + attributes.externalId()).raise();
        default -> e;
      };
    }
  }

  /// What those who follow the conversation are told of it.
  static EventRow changed(Attributes attributes, long version) {
    var data = new TreeMap<String, String>();
    data.put("title", attributes.title());
    data.put("model", attributes.model());
    if (attributes.agentId() != null) {
      data.put("agent_id", attributes.agentId().toString());
    }
    if (attributes.externalId() != null) {
      data.put("external_id", attributes.externalId());
    }
    data.put("metadata", MetadataJson.write(attributes.metadata()));
    data.put("version", Long.toString(version));
    return EventRow.ofConversation(EventType.CONVERSATION_UPDATED, MetadataJson.write(data));
  }

  private Conversation find(DSLContext db, Caller caller, UUID id) {
    return store
        .find(db, caller, Access.READ, id)
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, id.toString()).raise());
  }
}
