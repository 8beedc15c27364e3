package dev.agentserver.conversation.search;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_SEARCH;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.left;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.or;
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
            .and(member.ROLE.ne(inline(MemberRole.OWNER.name())))
            .orderBy(member.LAST_ACTIVITY_AT.desc())
            .limit(inline(limit));
    var inherited =
        select(member.CONVERSATION_ID, member.LAST_ACTIVITY_AT)
            .from(member)
            .where(member.TENANT_ID.eq(caller.tenantId()))
            .and(member.USER_ID.eq(caller.principalId()))
            .and(member.INHERITED)
            .limit(inline(limit));
    var open =
        select(CONVERSATION.CONVERSATION_ID, CONVERSATION.LAST_ACTIVITY_AT)
            .from(CONVERSATION)
            .where(CONVERSATION.TENANT_ID.eq(caller.tenantId()))
            .and(CONVERSATION.TENANT_ROLE.isNotNull())
            .orderBy(CONVERSATION.CONVERSATION_ID.desc())
            .limit(inline(limit));
    var found = others.unionAll(inherited).unionAll(open).asTable("found");
    var id = found.field(member.CONVERSATION_ID);
    return db.select(id)
        .from(found)
        .groupBy(id)
        .orderBy(max(found.field(member.LAST_ACTIVITY_AT)).desc())
        .limit(inline(limit))
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

  /// The index is asked first, for all that there is to sort by; the planner does not know how few
  /// those are, so the rest is told what to do: from the newest on it is looked whether the caller
  /// may read the conversation, until a page is full, and only then are messages read, the text of
  /// those that fit into it.
  ///
  /// @param scopes tsqueries: where is looked
  /// @param after the last row of the page before; null: from the newest
  Slice find(
      DSLContext db,
      Caller caller,
      Criteria criteria,
      List<String> scopes,
      @Nullable Position after,
      int size) {
    var found = found(criteria, scopes, after);
    var newest = newest(caller, found, criteria, size + 1);
    var at = newest.field(MESSAGE_SEARCH.CREATED_AT);
    var id = newest.field(MESSAGE_SEARCH.MESSAGE_ID);
    var measured =
        select(at, id, newest.field(MESSAGE_SEARCH.CONVERSATION_ID))
            .select(newest.field(CONVERSATION.TITLE))
            .select(MESSAGE.ROLE, MESSAGE.CONTENT_TEXT, MESSAGE.SIZE_BYTES)
            .select(
                sum(MESSAGE.SIZE_BYTES).over().orderBy(at.desc(), id.desc()).as(RUNNING_BYTES),
                count().over().as(FETCHED))
            .from(newest)
            .join(MESSAGE)
            .on(MESSAGE.TENANT_ID.eq(caller.tenantId()))
            .and(MESSAGE.MESSAGE_ID.eq(id))
            .asTable("measured");
    var rows =
        db.with(found)
            .with(newest)
            .select(
                measured.field(MESSAGE_SEARCH.MESSAGE_ID),
                measured.field(MESSAGE_SEARCH.CONVERSATION_ID),
                measured.field(CONVERSATION.TITLE),
                measured.field(MESSAGE.ROLE),
                measured.field(MESSAGE_SEARCH.CREATED_AT),
                left(measured.field(MESSAGE.CONTENT_TEXT), Words.MAX_TEXT).as(MESSAGE.CONTENT_TEXT),
                measured.field(FETCHED, Integer.class))
            .from(measured)
            .where(
                measured
                    .field(RUNNING_BYTES, Long.class)
                    .minus(measured.field(MESSAGE.SIZE_BYTES))
                    .lt((long) PAGE_BYTES))
            .orderBy(
                measured.field(MESSAGE_SEARCH.CREATED_AT).desc(),
                measured.field(MESSAGE_SEARCH.MESSAGE_ID).desc())
            .limit(inline(size))
            .fetch();
    var more = !rows.isEmpty() && rows.getFirst().get(FETCHED, Integer.class) > rows.size();
    return new Slice(rows.map(each -> match(each, criteria.query())), more);
  }

  /// What the index answers, as far as it is wanted. Nothing is asked of the tenant here: a planner
  /// that does not know how few the words leave would intersect them with all that the tenant has.
  private static CommonTableExpression<?> found(
      Criteria criteria, List<String> scopes, @Nullable Position after) {
    return name("found")
        .asMaterialized(
            select(
                    MESSAGE_SEARCH.TENANT_ID,
                    MESSAGE_SEARCH.MESSAGE_ID,
                    MESSAGE_SEARCH.CONVERSATION_ID,
                    MESSAGE_SEARCH.CREATED_AT)
                .from(MESSAGE_SEARCH)
                .where(words(criteria.query(), scopes))
                .and(wanted(criteria))
                .and(after == null ? noCondition() : beyond(after)));
  }

  /// The newest that the caller may read.
  private static CommonTableExpression<?> newest(
      Caller caller, CommonTableExpression<?> found, Criteria criteria, int limit) {
    var at = found.field(MESSAGE_SEARCH.CREATED_AT);
    var id = found.field(MESSAGE_SEARCH.MESSAGE_ID);
    var sorted =
        select(id, at, found.field(MESSAGE_SEARCH.CONVERSATION_ID))
            .from(found)
            .where(found.field(MESSAGE_SEARCH.TENANT_ID).eq(caller.tenantId()))
            .orderBy(at.desc(), id.desc())
            .asTable("sorted");
    // The limit keeps this a look for each row, which ends with the page.
    var readable =
        select(CONVERSATION.TITLE)
            .from(CONVERSATION)
            .where(CONVERSATION.TENANT_ID.eq(caller.tenantId()))
            .and(CONVERSATION.CONVERSATION_ID.eq(sorted.field(MESSAGE_SEARCH.CONVERSATION_ID)))
            .and(CONVERSATION.DELETED_AT.isNull())
            .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
            .and(criteria.tagId() == null ? noCondition() : Tagged.with(caller, criteria.tagId()))
            .limit(inline(1))
            .asTable("readable");
    return name("newest")
        .asMaterialized(
            select(sorted.fields())
                .select(readable.field(CONVERSATION.TITLE))
                .from(sorted)
                .crossJoin(lateral(readable))
                .orderBy(
                    sorted.field(MESSAGE_SEARCH.CREATED_AT).desc(),
                    sorted.field(MESSAGE_SEARCH.MESSAGE_ID).desc())
                .limit(inline(limit)));
  }

  private static Match match(Record row, Query query) {
    return new Match(
        row.get(MESSAGE_SEARCH.MESSAGE_ID),
        row.get(MESSAGE_SEARCH.CONVERSATION_ID),
        row.get(CONVERSATION.TITLE),
        Role.valueOf(row.get(MESSAGE.ROLE).toUpperCase(Locale.ROOT)),
        row.get(MESSAGE_SEARCH.CREATED_AT).toInstant(),
        Snippet.of(Words.normal(row.get(MESSAGE.CONTENT_TEXT)), query));
  }

  private static Condition words(Query query, List<String> scopes) {
    var exact = query.exact();
    var found =
        or(
            scopes.stream()
                .map(scope -> exact.isEmpty() ? scope : exact + " & (" + scope + ")")
                .map(IndexStore::match)
                .toList());
    return query.open().isEmpty() ? found : found.and(IndexStore.holds(query.open()));
  }

  private static Condition wanted(Criteria criteria) {
    var condition = noCondition();
    if (criteria.role() != null) {
      var role = criteria.role().name().toLowerCase(Locale.ROOT);
      condition = condition.and(MESSAGE_SEARCH.ROLE.eq(role));
    }
    if (criteria.startTime() != null) {
      condition = condition.and(MESSAGE_SEARCH.CREATED_AT.ge(at(criteria.startTime())));
    }
    if (criteria.endTime() != null) {
      condition = condition.and(MESSAGE_SEARCH.CREATED_AT.lt(at(criteria.endTime())));
    }
    return condition;
  }

  private static Condition beyond(Position after) {
    return row(MESSAGE_SEARCH.CREATED_AT, MESSAGE_SEARCH.MESSAGE_ID)
        .lt(row(val(at(after.createdAt())), val(after.messageId())));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
