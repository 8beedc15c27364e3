package dev.agentserver.conversation.tag;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.tag.TagStore.Listed;
import dev.agentserver.conversation.tag.TagStore.Position;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Makes tags and puts them on conversations. One's own are nobody else's business: only those of
/// the organization are told of and audited.
public final class Tags {
  private static final String WRITE = "tag:write";
  private static final String RESOURCE = "tag";
  private static final int MOST = 500;
  private static final int MOST_ON_ONE = 50;

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Feed feed;
  private final Ids ids;
  private final TagStore store = new TagStore();

  public Tags(Database database, Writes writes, AuditTrail audit, Feed feed, Ids ids) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.feed = feed;
    this.ids = ids;
  }

  List<Listed> list(Caller caller, @Nullable Position after, int limit) {
    return database.read(db -> store.list(db, caller, null, after, limit));
  }

  List<Listed> listOn(Caller caller, UUID conversationId, @Nullable Position after, int limit) {
    return database.write(
        db -> {
          lock(db, caller, Access.READ, conversationId);
          return store.list(db, caller, conversationId, after, limit);
        });
  }

  /// The tags of a conversation, which the caller may read, that the caller sees, by name.
  public List<Tag> on(Caller caller, UUID conversationId) {
    return database
        .read(db -> store.list(db, caller, conversationId, null, 2 * MOST_ON_ONE))
        .stream()
        .map(Listed::tag)
        .toList();
  }

  Tag create(Caller caller, Attempt<Tag> attempt, String name, boolean organization) {
    var owner = organization ? null : caller.principalId();
    return writes.once(
        caller,
        attempt,
        db -> {
          allow(caller, owner);
          if (store.count(db, caller.tenantId(), owner) >= MOST) {
            throw tooMany(MOST);
          }
          var tag =
              naming(name, () -> store.insert(db, caller.tenantId(), ids.next(), owner, name));
          record(db, caller, attempt.method(), tag);
          return tag;
        });
  }

  Tag rename(Caller caller, Attempt<Tag> attempt, UUID tagId, String name) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tag = find(db, caller, tagId);
          allow(caller, tag.ownerId());
          naming(
              name,
              () -> {
                store.rename(db, caller.tenantId(), tagId, name);
                return tag;
              });
          record(db, caller, attempt.method(), tag);
          return new Tag(tagId, tag.ownerId(), name, tag.createdAt());
        });
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID tagId) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tag = find(db, caller, tagId);
          allow(caller, tag.ownerId());
          store.delete(db, caller.tenantId(), tagId);
          record(db, caller, attempt.method(), tag);
          return true;
        });
  }

  /// Puts a tag on a conversation. Only editors decide what everybody sees on it.
  void put(Caller caller, UUID conversationId, UUID tagId) {
    database.write(
        db -> {
          lock(db, caller, Access.READ, conversationId);
          var tag = find(db, caller, tagId);
          if (tag.organization()) {
            lock(db, caller, Access.WRITE, conversationId);
          }
          var tenant = caller.tenantId();
          if (store.put(db, tenant, conversationId, tagId)) {
            if (store.countOn(db, tenant, conversationId, tag.ownerId()) > MOST_ON_ONE) {
              throw tooMany(MOST_ON_ONE);
            }
            tell(db, caller, conversationId, tag, true);
          }
          return true;
        });
  }

  /// Takes a tag off a conversation.
  void take(Caller caller, UUID conversationId, UUID tagId) {
    database.write(
        db -> {
          lock(db, caller, Access.READ, conversationId);
          var tag = find(db, caller, tagId);
          if (tag.organization()) {
            lock(db, caller, Access.WRITE, conversationId);
          }
          if (store.take(db, caller.tenantId(), conversationId, tagId)) {
            tell(db, caller, conversationId, tag, false);
          }
          return true;
        });
  }

  private void tell(DSLContext db, Caller caller, UUID conversationId, Tag tag, boolean on) {
    if (tag.organization()) {
      var data = Map.of("tag_id", tag.id().toString(), "on", Boolean.toString(on));
      feed.append(
          db,
          caller.tenantId(),
          conversationId,
          EventRow.ofConversation(EventType.TAG_CHANGED, MetadataJson.write(data)));
    }
  }

  private void lock(DSLContext db, Caller caller, Access access, UUID conversationId) {
    if (!store.lock(db, caller, access, conversationId)) {
      throw access.refusal(db, caller, conversationId);
    }
  }

  private Tag find(DSLContext db, Caller caller, UUID tagId) {
    return store
        .lock(db, caller, tagId)
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, tagId.toString()).raise());
  }

  private static void allow(Caller caller, @Nullable UUID owner) {
    if (owner == null && !caller.may(WRITE)) {
      throw new Problem.Denied(WRITE).raise();
    }
  }

  private void record(DSLContext db, Caller caller, String action, Tag tag) {
    if (tag.organization()) {
      audit.record(
          db,
          caller,
          new AuditRecord(action, RESOURCE, tag.id().toString(), Map.of("name", tag.name())));
    }
  }

  private static Tag naming(String name, Supplier<Tag> write) {
    try {
      return write.get();
    } catch (IntegrityConstraintViolationException e) {
      throw Constraints.violated(e).filter("tag_name_unique"::equals).isPresent()
          ? new Problem.AlreadyExists(RESOURCE, name).raise()
          : e;
    }
  }

  private static RuntimeException tooMany(int most) {
    return new Problem.Refused(
            "TOO_MANY",
            "there are at most " + most + " tags",
            Map.of("resource", RESOURCE, "limit", Integer.toString(most)))
        .raise();
  }
}
