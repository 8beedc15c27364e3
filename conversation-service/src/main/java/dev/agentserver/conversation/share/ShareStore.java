package dev.agentserver.conversation.share;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.SHARE_LINK;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.message.State;
import dev.agentserver.conversation.tree.ActiveBranch;
import dev.agentserver.conversation.tree.Chain;
import dev.agentserver.conversation.tree.Chain.Window;
import dev.agentserver.conversation.tree.Spot;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of links, and what they show.
final class ShareStore {
  private static final int PAGE_BYTES = 2 * 1024 * 1024;
  private static final String RUNNING_BYTES = "running_bytes";

  /// What people said, and nothing of how the answer came about.
  private static final List<String> SHOWN = List.of(name(Role.USER), name(Role.ASSISTANT));

  /// The end of a path.
  record End(UUID messageId, Spot spot) {}

  /// What a link shows.
  record Shown(StreamKey conversation, String title, Spot end) {}

  /// A message of the path.
  ///
  /// @param content null: it is not shown
  record Line(int depth, Role role, @Nullable String content) {}

  /// Locks a conversation until the transaction ends; false when the caller may not share it.
  boolean lock(DSLContext db, Caller caller, UUID conversationId) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(shareable(caller, conversationId))
        .forNoKeyUpdate()
        .fetchOptional()
        .isPresent();
  }

  /// @param role null: only members
  void setTenantRole(DSLContext db, UUID tenantId, UUID conversationId, @Nullable MemberRole role) {
    db.update(CONVERSATION)
        .set(CONVERSATION.TENANT_ROLE, role == null ? null : role.name())
        .set(CONVERSATION.VERSION, CONVERSATION.VERSION.plus(1))
        .set(CONVERSATION.UPDATED_AT, clock())
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .execute();
  }

  /// Where a message of the conversation is.
  Optional<End> end(DSLContext db, UUID tenantId, UUID conversationId, UUID messageId) {
    return db.select(MESSAGE.MESSAGE_ID, MESSAGE.BRANCH_NO, MESSAGE.DEPTH)
        .from(MESSAGE)
        .where(MESSAGE.TENANT_ID.eq(tenantId))
        .and(MESSAGE.MESSAGE_ID.eq(messageId))
        .and(MESSAGE.CONVERSATION_ID.eq(conversationId))
        .fetchOptional(row -> new End(row.value1(), new Spot(row.value2(), row.value3())));
  }

  /// The newest message on the caller's branch; empty where there is none.
  Optional<End> leaf(DSLContext db, Caller caller, UUID conversationId) {
    return db.select(BRANCH.LEAF_MESSAGE_ID, BRANCH.BRANCH_NO, BRANCH.LEAF_DEPTH)
        .from(BRANCH)
        .where(BRANCH.TENANT_ID.eq(caller.tenantId()))
        .and(BRANCH.CONVERSATION_ID.eq(conversationId))
        .and(
            BRANCH.BRANCH_NO.eq(
                ActiveBranch.of(caller, val(caller.tenantId()), val(conversationId))))
        .and(BRANCH.LEAF_MESSAGE_ID.isNotNull())
        .fetchOptional(row -> new End(row.value1(), new Spot(row.value2(), row.value3())));
  }

  int count(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.fetchCount(SHARE_LINK, of(tenantId, conversationId));
  }

  ShareLink insert(
      DSLContext db,
      Caller caller,
      UUID conversationId,
      UUID id,
      byte[] tokenHash,
      End end,
      @Nullable Instant expiresAt) {
    return db.insertInto(SHARE_LINK)
        .set(SHARE_LINK.TENANT_ID, caller.tenantId())
        .set(SHARE_LINK.CONVERSATION_ID, conversationId)
        .set(SHARE_LINK.SHARE_LINK_ID, id)
        .set(SHARE_LINK.USER_ID, caller.principalId())
        .set(SHARE_LINK.TOKEN_HASH, tokenHash)
        .set(SHARE_LINK.MESSAGE_ID, end.messageId())
        .set(SHARE_LINK.BRANCH_NO, end.spot().branchNo())
        .set(SHARE_LINK.DEPTH, end.spot().depth())
        .set(SHARE_LINK.CREATED_AT, clock())
        .set(SHARE_LINK.EXPIRES_AT, expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC))
        .returning()
        .fetchSingle(ShareStore::link);
  }

  /// Those beyond a link, the oldest first; empty also where the caller may not share.
  List<ShareLink> list(
      DSLContext db, UUID tenantId, UUID conversationId, @Nullable UUID after, int limit) {
    return db.selectFrom(SHARE_LINK)
        .where(of(tenantId, conversationId))
        .and(after == null ? noCondition() : SHARE_LINK.SHARE_LINK_ID.gt(after))
        .orderBy(SHARE_LINK.SHARE_LINK_ID)
        .limit(limit)
        .fetch(ShareStore::link);
  }

  /// Returns whether it was there.
  boolean delete(DSLContext db, UUID tenantId, UUID conversationId, UUID id) {
    return db.deleteFrom(SHARE_LINK)
            .where(of(tenantId, conversationId))
            .and(SHARE_LINK.SHARE_LINK_ID.eq(id))
            .execute()
        == 1;
  }

  /// What a link shows now; empty for one that never was, has ended, or shows what is deleted.
  Optional<Shown> shown(DSLContext db, ShareToken token) {
    return db.select(
            SHARE_LINK.CONVERSATION_ID, CONVERSATION.TITLE, SHARE_LINK.BRANCH_NO, SHARE_LINK.DEPTH)
        .from(SHARE_LINK)
        .join(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(SHARE_LINK.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(SHARE_LINK.CONVERSATION_ID))
        .where(SHARE_LINK.TENANT_ID.eq(token.tenantId()))
        .and(SHARE_LINK.TOKEN_HASH.eq(token.hash()))
        .and(SHARE_LINK.EXPIRES_AT.isNull().or(SHARE_LINK.EXPIRES_AT.gt(clock())))
        .and(CONVERSATION.DELETED_AT.isNull())
        .fetchOptional(
            row ->
                new Shown(
                    new StreamKey(token.tenantId(), row.value1()),
                    row.value2(),
                    new Spot(row.value3(), row.value4())));
  }

  /// The path from a depth on. What is not shown is there too, else a page could end at it.
  List<Line> lines(DSLContext db, Shown shown, int from, int limit) {
    var window = new Window(from, false, limit);
    var row = MESSAGE.as("candidate");
    var candidate = Chain.messages(shown.conversation(), window).asTable(row);
    var page = MESSAGE.as("page");
    var shows =
        row.ROLE.in(SHOWN).and(row.STATE.in(State.COMPLETE.name(), State.INCOMPLETE.name()));
    var measured =
        select(row.DEPTH, row.ROLE, row.SIZE_BYTES)
            .select(when(shows, row.CONTENT_TEXT).as(row.CONTENT_TEXT))
            .select(sum(row.SIZE_BYTES).over().orderBy(row.DEPTH).as(RUNNING_BYTES))
            .from(candidate)
            .where(row.DEPTH.le(shown.end().depth()))
            .asTable("page");
    return db.withRecursive(
            Chain.of(shown.conversation(), val(shown.end().branchNo()), trueCondition(), window))
        .select(page.DEPTH, page.ROLE, page.CONTENT_TEXT)
        .from(measured)
        .where(
            measured.field(RUNNING_BYTES, Long.class).minus(page.SIZE_BYTES).lt((long) PAGE_BYTES))
        .orderBy(page.DEPTH)
        .limit(limit)
        .fetch(
            found ->
                new Line(
                    found.value1(),
                    Role.valueOf(found.value2().toUpperCase(Locale.ROOT)),
                    found.value3()));
  }

  private static Condition shareable(Caller caller, UUID conversationId) {
    return CONVERSATION
        .CONVERSATION_ID
        .eq(conversationId)
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(Access.SHARE.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID));
  }

  private static Condition of(UUID tenantId, UUID conversationId) {
    return SHARE_LINK.TENANT_ID.eq(tenantId).and(SHARE_LINK.CONVERSATION_ID.eq(conversationId));
  }

  private static ShareLink link(Record row) {
    var expiresAt = row.get(SHARE_LINK.EXPIRES_AT);
    return new ShareLink(
        row.get(SHARE_LINK.SHARE_LINK_ID),
        row.get(SHARE_LINK.CONVERSATION_ID),
        row.get(SHARE_LINK.MESSAGE_ID),
        row.get(SHARE_LINK.USER_ID),
        row.get(SHARE_LINK.CREATED_AT).toInstant(),
        expiresAt == null ? null : expiresAt.toInstant());
  }

  private static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
