package dev.agentserver.conversation.search;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_SEARCH;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.left;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.access.Tagged;
import dev.agentserver.conversation.index.IndexStore;
import dev.agentserver.conversation.index.Words;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.search.Match.Position;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Finds messages by the index of words, which knows whose they are, and then looks whether the
/// caller may read them now.
final class SearchStore {
  private static final int PAGE_BYTES = 2 * 1024 * 1024;
  private static final String RUNNING_BYTES = "running_bytes";
  private static final String FETCHED = "fetched";

  /// A page, and whether there are more.
  record Slice(List<Match> matches, boolean more) {}

  /// Conversations that others own, or owned, and that the caller is a member of or everybody
  /// in the tenant reads, newest activity first.
  List<UUID> shared(DSLContext db, Caller caller, int limit) {
    var member = CONVERSATION_MEMBER;
    var others =
        select(member.CONVERSATION_ID, member.LAST_ACTIVITY_AT)
            .from(member)
            .where(member.TENANT_ID.eq(caller.tenantId()))
            .and(member.USER_ID.eq(caller.principalId()))
            .and(member.ROLE.ne(DSL.inline(MemberRole.OWNER.name())))
            .orderBy(member.LAST_ACTIVITY_AT.desc())
            .limit(limit);
    var inherited =
        select(member.CONVERSATION_ID, member.LAST_ACTIVITY_AT)
            .from(member)
            .where(member.TENANT_ID.eq(caller.tenantId()))
            .and(member.USER_ID.eq(caller.principalId()))
            .and(member.INHERITED)
            .limit(limit);
    var open =
        select(CONVERSATION.CONVERSATION_ID, CONVERSATION.LAST_ACTIVITY_AT)
            .from(CONVERSATION)
            .where(CONVERSATION.TENANT_ID.eq(caller.tenantId()))
            .and(CONVERSATION.TENANT_ROLE.isNotNull())
            .orderBy(CONVERSATION.CONVERSATION_ID.desc())
            .limit(limit);
    var found = others.unionAll(inherited).unionAll(open).asTable("found");
    var id = found.field(member.CONVERSATION_ID);
    return db.select(id)
        .from(found)
        .groupBy(id)
        .orderBy(max(found.field(member.LAST_ACTIVITY_AT)).desc())
        .limit(limit)
        .fetch(id);
  }

  boolean readable(DSLContext db, Caller caller, UUID conversationId) {
    return db.fetchExists(
        selectOne()
            .from(CONVERSATION)
            .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
            .and(CONVERSATION.DELETED_AT.isNull())
            .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)));
  }

  /// The index is asked first, and then what it found, each by its key: a planner that does not
  /// know how few those are would look at everything the caller may read. The rows are cut, then
  /// measured, and only the text of those that fit into a page is read.
  ///
  /// @param scope a tsquery: where is looked
  /// @param after the last row of the page before; null: from the newest
  Slice find(
      DSLContext db,
      Caller caller,
      Criteria criteria,
      String scope,
      @Nullable Position after,
      int size) {
    var found = found(criteria.query(), scope);
    var said = said(caller, found, criteria, after);
    var one = MESSAGE.as("said");
    var candidate =
        select(one.fields())
            .select(CONVERSATION.TITLE)
            .from(said)
            .join(CONVERSATION)
            .on(CONVERSATION.TENANT_ID.eq(one.TENANT_ID))
            .and(CONVERSATION.CONVERSATION_ID.eq(one.CONVERSATION_ID))
            .where(CONVERSATION.DELETED_AT.isNull())
            .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
            .and(criteria.tagId() == null ? noCondition() : Tagged.with(caller, criteria.tagId()))
            .orderBy(one.CREATED_AT.desc(), one.MESSAGE_ID.desc())
            .limit(size + 1)
            .asTable(MESSAGE.as("candidate"));
    var message = MESSAGE.as("candidate");
    var newest = List.of(message.CREATED_AT.desc(), message.MESSAGE_ID.desc());
    var measured =
        select(message.fields())
            .select(candidate.field(CONVERSATION.TITLE))
            .select(
                sum(message.SIZE_BYTES).over().orderBy(newest).as(RUNNING_BYTES),
                count().over().as(FETCHED))
            .from(candidate)
            .asTable(MESSAGE.as("measured"));
    var page = MESSAGE.as("measured");
    var rows =
        db.with(found)
            .with(said)
            .select(
                page.MESSAGE_ID,
                page.CONVERSATION_ID,
                measured.field(CONVERSATION.TITLE),
                page.ROLE,
                page.CREATED_AT,
                left(page.CONTENT_TEXT, Words.MAX_TEXT).as(page.CONTENT_TEXT),
                measured.field(FETCHED, Integer.class))
            .from(measured)
            .where(
                measured
                    .field(RUNNING_BYTES, Long.class)
                    .minus(page.SIZE_BYTES)
                    .lt((long) PAGE_BYTES))
            .orderBy(page.CREATED_AT.desc(), page.MESSAGE_ID.desc())
            .limit(size)
            .fetch();
    var more = !rows.isEmpty() && rows.getFirst().get(FETCHED, Integer.class) > rows.size();
    return new Slice(rows.map(each -> match(each, criteria.query())), more);
  }

  /// What the index answers.
  private static CommonTableExpression<?> found(Query query, String scope) {
    return name("found")
        .asMaterialized(
            select(MESSAGE_SEARCH.TENANT_ID, MESSAGE_SEARCH.MESSAGE_ID)
                .from(MESSAGE_SEARCH)
                .where(words(query, scope)));
  }

  /// The messages that were found, as far as they are wanted.
  private static CommonTableExpression<?> said(
      Caller caller, CommonTableExpression<?> found, Criteria criteria, @Nullable Position after) {
    return name("said")
        .asMaterialized(
            select(MESSAGE.fields())
                .from(found)
                .join(MESSAGE)
                .on(MESSAGE.TENANT_ID.eq(found.field(MESSAGE_SEARCH.TENANT_ID)))
                .and(MESSAGE.MESSAGE_ID.eq(found.field(MESSAGE_SEARCH.MESSAGE_ID)))
                .where(MESSAGE.TENANT_ID.eq(caller.tenantId()))
                .and(wanted(criteria))
                .and(after == null ? noCondition() : beyond(after)));
  }

  private static Match match(Record row, Query query) {
    return new Match(
        row.get(MESSAGE.MESSAGE_ID),
        row.get(MESSAGE.CONVERSATION_ID),
        row.get(CONVERSATION.TITLE),
        Role.valueOf(row.get(MESSAGE.ROLE).toUpperCase(Locale.ROOT)),
        row.get(MESSAGE.CREATED_AT).toInstant(),
        Snippet.of(Words.normal(row.get(MESSAGE.CONTENT_TEXT)), query));
  }

  private static Condition words(Query query, String scope) {
    var exact = query.exact();
    var found = IndexStore.match(exact.isEmpty() ? scope : exact + " & (" + scope + ")");
    return query.open().isEmpty() ? found : found.and(IndexStore.holds(query.open()));
  }

  private static Condition wanted(Criteria criteria) {
    var condition = noCondition();
    if (criteria.role() != null) {
      condition = condition.and(MESSAGE.ROLE.eq(criteria.role().name().toLowerCase(Locale.ROOT)));
    }
    if (criteria.startTime() != null) {
      condition = condition.and(MESSAGE.CREATED_AT.ge(at(criteria.startTime())));
    }
    if (criteria.endTime() != null) {
      condition = condition.and(MESSAGE.CREATED_AT.lt(at(criteria.endTime())));
    }
    return condition;
  }

  private static Condition beyond(Position after) {
    return row(MESSAGE.CREATED_AT, MESSAGE.MESSAGE_ID)
        .lt(row(val(at(after.createdAt())), val(after.messageId())));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
