package dev.agentserver.conversation.member;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.member.MemberStore.Locked;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Lets users into conversations and out again. A conversation has one owner at any time.
public final class Members {
  private static final int MOST = 1_000;
  private static final String CONVERSATION = "conversation";
  private static final String MEMBER = "member";

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Feed feed;
  private final Entries entries;
  private final MemberStore store = new MemberStore();

  public Members(Database database, Writes writes, AuditTrail audit, Feed feed, Entries entries) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.feed = feed;
    this.entries = entries;
  }

  /// @param after the last member of the page before; null: from the first
  List<Member> list(Caller caller, UUID conversationId, @Nullable UUID after, int limit) {
    return database.read(
        db -> {
          if (!store.readable(db, caller, conversationId)) {
            throw new Problem.NotFound(CONVERSATION, conversationId.toString()).raise();
          }
          return store.list(db, caller.tenantId(), conversationId, after, limit);
        });
  }

  Member add(
      Caller caller, Attempt<Member> attempt, UUID conversationId, UUID userId, MemberRole role) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var conversation = lock(db, caller, Access.SHARE, conversationId);
          var tenant = caller.tenantId();
          var full = store.count(db, tenant, conversationId) >= MOST;
          var member =
              store
                  .insert(db, tenant, conversationId, userId, role, conversation.lastActivityAt())
                  .orElseThrow(() -> new Problem.AlreadyExists(MEMBER, userId.toString()).raise());
          if (full) {
            throw new Problem.Refused(
                    "TOO_MANY",
                    "a conversation has at most " + MOST + " members",
                    Map.of("resource", MEMBER, "limit", Integer.toString(MOST)))
                .raise();
          }
          entries.joined(db, tenant, conversationId, userId);
          changed(db, caller, attempt.method(), conversationId, userId, role);
          return member;
        });
  }

  /// @param role OWNER hands the conversation on
  Member update(
      Caller caller, Attempt<Member> attempt, UUID conversationId, UUID userId, MemberRole role) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var conversation = lock(db, caller, Access.SHARE, conversationId);
          if (userId.equals(conversation.ownerId()) && role != MemberRole.OWNER) {
            throw ownerStays(conversationId);
          }
          var member =
              store
                  .update(db, caller.tenantId(), conversationId, userId, role)
                  .orElseThrow(() -> new Problem.NotFound(MEMBER, userId.toString()).raise());
          if (role == MemberRole.OWNER && !userId.equals(conversation.ownerId())) {
            var before = conversation.ownerId();
            store.update(db, caller.tenantId(), conversationId, before, MemberRole.EDITOR);
            store.setOwner(db, caller.tenantId(), conversationId, userId);
            changed(db, caller, attempt.method(), conversationId, before, MemberRole.EDITOR);
          }
          entries.changed(db, caller.tenantId(), conversationId);
          changed(db, caller, attempt.method(), conversationId, userId, role);
          return member;
        });
  }

  /// Members may leave by themselves.
  boolean remove(Caller caller, Attempt<Boolean> attempt, UUID conversationId, UUID userId) {
    var access = userId.equals(caller.principalId()) ? Access.READ : Access.SHARE;
    return writes.once(
        caller,
        attempt,
        db -> {
          var conversation = lock(db, caller, access, conversationId);
          if (userId.equals(conversation.ownerId())) {
            throw ownerStays(conversationId);
          }
          if (!store.delete(db, caller.tenantId(), conversationId, userId)) {
            throw new Problem.NotFound(MEMBER, userId.toString()).raise();
          }
          entries.left(db, caller.tenantId(), conversationId, userId);
          changed(db, caller, attempt.method(), conversationId, userId, null);
          return true;
        });
  }

  /// Puts the conversation away or on top for the caller; null leaves it as it is.
  void arrange(
      Caller caller, UUID conversationId, @Nullable Boolean archived, @Nullable Boolean pinned) {
    if (archived != null || pinned != null) {
      database.write(
          db -> {
            entries.arrange(db, caller, conversationId, archived, pinned);
            return true;
          });
    }
  }

  private Locked lock(DSLContext db, Caller caller, Access access, UUID conversationId) {
    return store
        .lock(db, caller, access, conversationId)
        .orElseThrow(() -> access.refusal(db, caller, conversationId));
  }

  /// @param role null: none any more
  private void changed(
      DSLContext db,
      Caller caller,
      String action,
      UUID conversationId,
      UUID userId,
      @Nullable MemberRole role) {
    feed.append(db, caller.tenantId(), conversationId, changed(userId, role));
    audit.record(
        db,
        caller,
        new AuditRecord(
            action,
            CONVERSATION,
            conversationId.toString(),
            Map.of("user_id", userId.toString(), "role", role == null ? "" : role.name())));
  }

  /// Somebody is something else in the conversation.
  ///
  /// @param userId null: everybody in the tenant
  /// @param role null: nothing any more
  public static EventRow changed(@Nullable UUID userId, @Nullable MemberRole role) {
    var data = new TreeMap<String, String>();
    if (userId != null) {
      data.put("user_id", userId.toString());
    }
    if (role != null) {
      data.put("role", role.name());
    }
    return EventRow.ofConversation(EventType.MEMBER_CHANGED, MetadataJson.write(data));
  }

  private static RuntimeException ownerStays(UUID conversationId) {
    return new Problem.Refused(
            "OWNER_STAYS",
            "somebody else must own the conversation first",
            Map.of("id", conversationId.toString()))
        .raise();
  }
}
