package dev.agentserver.conversation.index;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_SEARCH;
import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.UUID;

import dev.agentserver.kit.db.ArrayTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertResultStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The words of messages, each row with the scopes it is found in: its conversation and that
/// conversation's owner. So one look into one index intersects words and permission.
public final class IndexStore {
  /// The vector, for which jOOQ has no type; it is never read.
  private static final Field<String> WORDS =
      DSL.field(name(MESSAGE_SEARCH.getName(), "words"), CLOB);

  private static final List<Field<?>> COLUMNS =
      List.of(
          MESSAGE_SEARCH.TENANT_ID,
          MESSAGE_SEARCH.MESSAGE_ID,
          MESSAGE_SEARCH.CONVERSATION_ID,
          MESSAGE_SEARCH.ROLE,
          MESSAGE_SEARCH.CREATED_AT,
          WORDS);

  private static final Field<String> GIVEN = DSL.field(name("words"), CLOB);
  private static final Field<UUID> COPY = DSL.field(name("given", "copy_id"), UUID);

  /// What makes messages searchable, also one that was before. Temporary conversations are not
  /// searched.
  ///
  /// @param said where the messages are read from: their table, or what has just been inserted
  public InsertResultStep<?> put(UUID tenantId, Table<?> said, Collection<Indexed> messages) {
    var given =
        ArrayTable.of("given", messages)
            .with(MESSAGE_SEARCH.MESSAGE_ID, Indexed::messageId)
            .with(GIVEN.getName(), CLOB, Indexed::words);
    var vector =
        DSL.field(
            "cast({0} as tsvector)",
            CLOB,
            concat(
                given.field(GIVEN),
                inline("'u:"),
                CONVERSATION.OWNER_ID.cast(CLOB),
                inline("' 'c:"),
                CONVERSATION.CONVERSATION_ID.cast(CLOB),
                inline("'")));
    return DSL.insertInto(MESSAGE_SEARCH, COLUMNS)
        .select(
            select(
                    CONVERSATION.TENANT_ID,
                    given.field(MESSAGE_SEARCH.MESSAGE_ID),
                    CONVERSATION.CONVERSATION_ID,
                    said.field(MESSAGE.ROLE),
                    said.field(MESSAGE.CREATED_AT),
                    vector)
                .from(given.table())
                .join(said)
                .on(said.field(MESSAGE.TENANT_ID).eq(tenantId))
                .and(said.field(MESSAGE.MESSAGE_ID).eq(given.field(MESSAGE_SEARCH.MESSAGE_ID)))
                .join(CONVERSATION)
                .on(CONVERSATION.TENANT_ID.eq(tenantId))
                .and(CONVERSATION.CONVERSATION_ID.eq(said.field(MESSAGE.CONVERSATION_ID)))
                .where(CONVERSATION.TEMPORARY.isFalse()))
        .onConflict(MESSAGE_SEARCH.TENANT_ID, MESSAGE_SEARCH.MESSAGE_ID)
        .doUpdate()
        .set(WORDS, excluded(WORDS))
        .returning(MESSAGE_SEARCH.MESSAGE_ID);
  }

  /// Makes copies of messages searchable where they are now, with the words of their originals.
  ///
  /// @param copies the original → its copy
  public void copy(
      DSLContext db,
      UUID tenantId,
      UUID fromConversationId,
      UUID conversationId,
      Map<UUID, UUID> copies) {
    var given =
        ArrayTable.of("given", copies.entrySet())
            .with(MESSAGE_SEARCH.MESSAGE_ID, Map.Entry::getKey)
            .with(COPY.getName(), COPY.getDataType(), Map.Entry::getValue);
    var from = CONVERSATION.as("from_conversation");
    var words =
        DSL.field(
            "ts_delete({0}, array[{1}, {2}]) || array_to_tsvector(array[{3}, {4}])",
            CLOB,
            WORDS,
            concat(inline("u:"), from.OWNER_ID.cast(CLOB)),
            concat(inline("c:"), from.CONVERSATION_ID.cast(CLOB)),
            concat(inline("u:"), CONVERSATION.OWNER_ID.cast(CLOB)),
            concat(inline("c:"), CONVERSATION.CONVERSATION_ID.cast(CLOB)));
    db.insertInto(MESSAGE_SEARCH, COLUMNS)
        .select(
            select(
                    CONVERSATION.TENANT_ID,
                    COPY,
                    CONVERSATION.CONVERSATION_ID,
                    MESSAGE.ROLE,
                    MESSAGE.CREATED_AT,
                    words)
                .from(given.table())
                .join(MESSAGE_SEARCH)
                .on(MESSAGE_SEARCH.TENANT_ID.eq(tenantId))
                .and(MESSAGE_SEARCH.MESSAGE_ID.eq(given.field(MESSAGE_SEARCH.MESSAGE_ID)))
                .join(MESSAGE)
                .on(MESSAGE.TENANT_ID.eq(tenantId))
                .and(MESSAGE.MESSAGE_ID.eq(COPY))
                .join(from)
                .on(from.TENANT_ID.eq(tenantId))
                .and(from.CONVERSATION_ID.eq(fromConversationId))
                .join(CONVERSATION)
                .on(CONVERSATION.TENANT_ID.eq(tenantId))
                .and(CONVERSATION.CONVERSATION_ID.eq(conversationId)))
        .execute();
  }

  /// Has messages not be found any more; returns how many were.
  public int remove(DSLContext db, UUID tenantId, Collection<UUID> messageIds) {
    return db.deleteFrom(MESSAGE_SEARCH)
        .where(MESSAGE_SEARCH.TENANT_ID.eq(tenantId))
        .and(MESSAGE_SEARCH.MESSAGE_ID.in(messageIds))
        .execute();
  }

  /// Names the owners there are now, in a page of messages, where it names this one. Returns how
  /// many there were.
  ///
  /// @param after null: from the first message on
  /// @param until null: to the last
  public int handOn(
      DSLContext db, UUID tenantId, UUID former, @Nullable UUID after, @Nullable UUID until) {
    var owner = val("u:" + former);
    var words =
        DSL.field(
            "ts_delete({0}, {1}) || array_to_tsvector(array[{2}])",
            CLOB, WORDS, owner, concat(inline("u:"), CONVERSATION.OWNER_ID.cast(CLOB)));
    return db.update(MESSAGE_SEARCH)
        .set(WORDS, words)
        .from(CONVERSATION)
        .where(MESSAGE_SEARCH.TENANT_ID.eq(tenantId))
        .and(after == null ? noCondition() : MESSAGE_SEARCH.MESSAGE_ID.gt(after))
        .and(until == null ? noCondition() : MESSAGE_SEARCH.MESSAGE_ID.le(until))
        .and(match("'u:" + former + "'"))
        .and(CONVERSATION.TENANT_ID.eq(MESSAGE_SEARCH.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(MESSAGE_SEARCH.CONVERSATION_ID))
        .execute();
  }

  /// True of messages whose words are as a tsquery says, found by the index: a planner that sees
  /// the query takes many scopes for many messages, and would read them all.
  public static Condition match(String query) {
    return DSL.condition("{0} @@ (select cast({1} as tsquery))", WORDS, val(query));
  }

  /// The same, looked for in messages that were found by something else. Of the beginning of a word
  /// the index would have to collect what everybody wrote.
  public static Condition holds(String query) {
    return DSL.condition("({0} @@ cast({1} as tsquery)) is true", WORDS, val(query));
  }
}
