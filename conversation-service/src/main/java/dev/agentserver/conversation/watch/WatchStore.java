package dev.agentserver.conversation.watch;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Records;

/// What watching asks of the database besides the events themselves.
final class WatchStore {
  /// A message that has changed, by its place, and how large it is.
  record Touched(UUID messageId, long seq, int sizeBytes) {}

  /// How far the conversation has come; empty when the caller may not read it.
  Optional<Long> head(DSLContext db, Caller caller, UUID conversationId) {
    return db.select(CONVERSATION.LAST_EVENT_SEQ)
        .from(CONVERSATION)
        .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .fetchOptional(CONVERSATION.LAST_EVENT_SEQ);
  }

  /// Whether the conversation is there, whoever asks.
  boolean exists(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.fetchExists(
        CONVERSATION,
        CONVERSATION
            .TENANT_ID
            .eq(tenantId)
            .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
            .and(CONVERSATION.DELETED_AT.isNull()));
  }

  /// Messages beyond a place that something happened to in (from, to].
  List<Touched> touched(
      DSLContext db,
      UUID tenantId,
      UUID conversationId,
      long from,
      long to,
      long afterMessage,
      int limit) {
    var changed =
        select(CONVERSATION_EVENT.TENANT_ID, CONVERSATION_EVENT.MESSAGE_ID)
            .from(CONVERSATION_EVENT)
            .where(CONVERSATION_EVENT.TENANT_ID.eq(tenantId))
            .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(conversationId))
            .and(CONVERSATION_EVENT.SEQ.gt(from))
            .and(CONVERSATION_EVENT.SEQ.le(to))
            .and(CONVERSATION_EVENT.MESSAGE_ID.isNotNull());
    return db.select(MESSAGE.MESSAGE_ID, MESSAGE.SEQ, size())
        .from(MESSAGE)
        .leftJoin(MESSAGE_STREAM)
        .on(ownStream())
        .where(inConversation(tenantId, conversationId))
        .and(MESSAGE.SEQ.gt(afterMessage))
        .and(row(MESSAGE.TENANT_ID, MESSAGE.MESSAGE_ID).in(changed))
        .orderBy(MESSAGE.SEQ)
        .limit(limit)
        .fetch(Records.mapping(Touched::new));
  }

  /// The newest messages, oldest first.
  List<Touched> newest(DSLContext db, UUID tenantId, UUID conversationId, int limit) {
    return db.select(MESSAGE.MESSAGE_ID, MESSAGE.SEQ, size())
        .from(MESSAGE)
        .leftJoin(MESSAGE_STREAM)
        .on(ownStream())
        .where(inConversation(tenantId, conversationId))
        .orderBy(MESSAGE.SEQ.desc())
        .limit(limit)
        .fetch(Records.mapping(Touched::new))
        .reversed();
  }

  /// While a message is written its row knows nothing of its size.
  private static Field<Integer> size() {
    return greatest(MESSAGE.SIZE_BYTES, coalesce(MESSAGE_STREAM.SIZE_BYTES, 0));
  }

  private static Condition ownStream() {
    return MESSAGE_STREAM
        .TENANT_ID
        .eq(MESSAGE.TENANT_ID)
        .and(MESSAGE_STREAM.MESSAGE_ID.eq(MESSAGE.MESSAGE_ID));
  }

  private static Condition inConversation(UUID tenantId, UUID conversationId) {
    return MESSAGE.TENANT_ID.eq(tenantId).and(MESSAGE.CONVERSATION_ID.eq(conversationId));
  }
}
