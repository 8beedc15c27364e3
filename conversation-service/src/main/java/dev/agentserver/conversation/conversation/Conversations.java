package dev.agentserver.conversation.conversation;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.conversation.ConversationListStore.Listed;
import dev.agentserver.conversation.conversation.ConversationListStore.Position;
import dev.agentserver.conversation.conversation.ConversationStore.Presence;
import dev.agentserver.conversation.conversation.NewConversation.Origin;
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
import java.util.Optional;
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
  private static final String WRITE = "conversation:write";

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
    var origin = imported(caller, draft.origin());
    var first = appender.checked(caller, draft.id(), draft.messages());
    return writes.once(
        caller,
        attempt,
        db -> {
          var id = add(db, caller, draft);
          if (origin != Origin.HERE) {
            store.begin(db, caller, id, origin);
            entries.joined(
                db,
                caller.tenantId(),
                id,
                origin.ownerId() == null ? caller.principalId() : origin.ownerId());
          }
          var messages =
              first.isEmpty() ? List.<Message>of() : appender.append(db, caller, id, null, first);
          return new Created(find(db, caller, id), messages);
        });
  }

  /// Another time, and another owner, are for importers; and who makes conversations of others is
  /// one who may write in them.
  private static Origin imported(Caller caller, Origin origin) {
    var own = origin.ownerId() == null || origin.ownerId().equals(caller.principalId());
    if (own && origin.createdAt() == null) {
      return Origin.HERE;
    }
    if (!caller.may(Appender.IMPORT)) {
      throw new Problem.Denied(Appender.IMPORT).raise();
    }
    if (!own && !caller.mayAny(WRITE)) {
      throw new Problem.Denied(WRITE + "_any").raise();
    }
    return origin;
  }

  /// Makes it, as far as messages are not concerned, and returns its id.
  public UUID add(DSLContext db, Caller caller, NewConversation draft) {
    var id = draft.id() == null ? ids.next() : draft.id();
    var lifetime = lifetime(draft.temporary());
    naming(
        id,
        draft.attributes(),
        () ->
            entries.added(
                db,
                caller,
                store.insert(db, caller, id, draft.attributes(), draft.temporary(), lifetime)));
    return id;
  }

  public Conversation get(Caller caller, UUID id) {
    return database.read(db -> find(db, caller, id));
  }

  /// @param name an id, or, where no conversation of the caller has it, an external id
  Conversation named(Caller caller, String name) {
    return database.read(
        db ->
            id(name)
                .flatMap(id -> store.find(db, caller, Access.READ, id))
                .or(() -> store.findExternal(db, caller, Access.READ, name))
                .orElseThrow(() -> new Problem.NotFound(RESOURCE, name).raise()));
  }

  private static Optional<UUID> id(String name) {
    try {
      return Optional.of(UUID.fromString(name));
    } catch (IllegalArgumentException otherwise) {
      return Optional.empty();
    }
  }

  Page list(Caller caller, ConversationFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> lists.list(db, caller, filter, after, size + 1));
    var page = found.size() > size ? found.subList(0, size) : found;
    return new Page(
        page.stream().map(Listed::conversation).toList(),
        found.size() > size ? page.getLast().position() : null);
  }

  /// Those shared with the whole tenant, beyond one of them.
  public List<Conversation> listSharedWithTenant(Caller caller, @Nullable UUID after, int limit) {
    return database.read(db -> lists.sharedWithTenant(db, caller, after, limit));
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

  /// The conversation as the caller may read it.
  public Conversation find(DSLContext db, Caller caller, UUID id) {
    return store
        .find(db, caller, Access.READ, id)
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, id.toString()).raise());
  }
}
