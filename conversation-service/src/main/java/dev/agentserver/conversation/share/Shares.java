package dev.agentserver.conversation.share;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.member.Members;
import dev.agentserver.conversation.share.ShareStore.Line;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Opens conversations to the tenant, and shows them to whoever has a link.
public final class Shares {
  private static final String CONVERSATION = "conversation";
  private static final String LINK = "share_link";
  private static final int MOST = 100;

  /// A link as it is answered once, with its token; without it in a stored reply.
  record Made(ShareLink link, String token) {}

  /// What a link shows.
  ///
  /// @param next the depth at which the next page begins; null: there is none
  record Page(String title, List<Line> lines, @Nullable Integer next) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Feed feed;
  private final Entries entries;
  private final Ids ids;
  private final SecureRandom random = new SecureRandom();
  private final ShareStore store = new ShareStore();

  public Shares(
      Database database, Writes writes, AuditTrail audit, Feed feed, Entries entries, Ids ids) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.feed = feed;
    this.entries = entries;
    this.ids = ids;
  }

  /// @param role null: only members
  void shareWithTenant(
      Caller caller, String action, UUID conversationId, @Nullable MemberRole role) {
    database.write(
        db -> {
          lock(db, caller, conversationId);
          store.setTenantRole(db, caller.tenantId(), conversationId, role);
          feed.append(db, caller.tenantId(), conversationId, Members.changed(null, role));
          entries.changed(db, caller.tenantId(), conversationId);
          var changes = Map.of("tenant_role", role == null ? "" : role.name());
          record(db, caller, action, CONVERSATION, conversationId, changes);
          return true;
        });
  }

  /// @param messageId the last message to show; null: the newest on the caller's branch
  Made create(
      Caller caller,
      Attempt<Made> attempt,
      UUID conversationId,
      @Nullable UUID messageId,
      @Nullable Instant expiresAt) {
    return writes.once(
        caller,
        attempt,
        db -> {
          lock(db, caller, conversationId);
          var tenant = caller.tenantId();
          var end =
              (messageId == null
                      ? store.leaf(db, caller, conversationId)
                      : store.end(db, tenant, conversationId, messageId))
                  .orElseThrow(
                      () ->
                          new Problem.NotFound(
                                  "message", messageId == null ? "" : messageId.toString())
                              .raise());
          if (store.count(db, tenant, conversationId) >= MOST) {
            throw new Problem.Refused(
                    "TOO_MANY",
                    "a conversation has at most " + MOST + " links",
                    Map.of("resource", LINK, "limit", Integer.toString(MOST)))
                .raise();
          }
          var token = ShareToken.draw(tenant, random);
          var link =
              store.insert(db, caller, conversationId, ids.next(), token.hash(), end, expiresAt);
          var about = Map.of("conversation_id", conversationId.toString());
          record(db, caller, attempt.method(), LINK, link.id(), about);
          return new Made(link, token.text());
        });
  }

  /// @param after the last link of the page before; null: from the first
  List<ShareLink> list(Caller caller, UUID conversationId, @Nullable UUID after, int limit) {
    return database.write(
        db -> {
          lock(db, caller, conversationId);
          return store.list(db, caller.tenantId(), conversationId, after, limit);
        });
  }

  void revoke(Caller caller, String action, UUID conversationId, UUID id) {
    database.write(
        db -> {
          lock(db, caller, conversationId);
          if (store.delete(db, caller.tenantId(), conversationId, id)) {
            var about = Map.of("conversation_id", conversationId.toString());
            record(db, caller, action, LINK, id, about);
          }
          return true;
        });
  }

  /// What is shown to whoever has the token. All that is wrong with one looks the same.
  ///
  /// @param from the depth at which the page begins
  Page read(String token, int from, int size) {
    return ShareToken.read(token)
        .flatMap(
            known ->
                database.read(
                    db ->
                        store
                            .shown(db, known)
                            .map(
                                shown -> {
                                  var lines = store.lines(db, shown, from, size);
                                  var last = lines.isEmpty() ? null : lines.getLast();
                                  var more = last != null && last.depth() < shown.end().depth();
                                  return new Page(
                                      shown.title(), lines, more ? last.depth() + 1 : null);
                                })))
        .orElseThrow(() -> new Problem.NotFound("shared conversation", "").raise());
  }

  private void lock(DSLContext db, Caller caller, UUID conversationId) {
    if (!store.lock(db, caller, conversationId)) {
      throw Access.SHARE.refusal(db, caller, conversationId);
    }
  }

  private void record(
      DSLContext db,
      Caller caller,
      String action,
      String resource,
      UUID id,
      Map<String, String> changes) {
    audit.record(db, caller, new AuditRecord(action, resource, id.toString(), changes));
  }
}
