package dev.agentserver.conversation.feedback;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_FEEDBACK;
import static org.jooq.impl.DSL.noCondition;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.feedback.Feedback.Rating;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record4;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of feedback, each its reader's.
final class FeedbackStore {
  /// The conversation of a message that the caller may read; locked, so that it stays.
  Optional<UUID> lock(DSLContext db, Caller caller, UUID messageId) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(MESSAGE)
        .join(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(MESSAGE.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
        .where(MESSAGE.TENANT_ID.eq(caller.tenantId()))
        .and(MESSAGE.MESSAGE_ID.eq(messageId))
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .forNoKeyUpdate()
        .of(CONVERSATION)
        .fetchOptional(CONVERSATION.CONVERSATION_ID);
  }

  boolean readable(DSLContext db, Caller caller, UUID conversationId) {
    return db.fetchExists(
        CONVERSATION,
        CONVERSATION
            .CONVERSATION_ID
            .eq(conversationId)
            .and(CONVERSATION.DELETED_AT.isNull())
            .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)));
  }

  Feedback put(
      DSLContext db,
      Caller caller,
      UUID conversationId,
      UUID messageId,
      Rating rating,
      String comment) {
    var feedback = MESSAGE_FEEDBACK;
    var now = DSL.function("clock_timestamp", OffsetDateTime.class);
    return db.insertInto(feedback)
        .set(feedback.TENANT_ID, caller.tenantId())
        .set(feedback.USER_ID, caller.principalId())
        .set(feedback.CONVERSATION_ID, conversationId)
        .set(feedback.MESSAGE_ID, messageId)
        .set(feedback.RATING, rating.name())
        .set(feedback.COMMENT, comment)
        .set(feedback.UPDATED_AT, now)
        .onConflict(
            feedback.TENANT_ID, feedback.USER_ID, feedback.CONVERSATION_ID, feedback.MESSAGE_ID)
        .doUpdate()
        .set(feedback.RATING, rating.name())
        .set(feedback.COMMENT, comment)
        .set(feedback.UPDATED_AT, now)
        .returningResult(
            feedback.MESSAGE_ID, feedback.RATING, feedback.COMMENT, feedback.UPDATED_AT)
        .fetchSingle(FeedbackStore::feedback);
  }

  /// Returns whether there was any.
  boolean delete(DSLContext db, Caller caller, UUID conversationId, UUID messageId) {
    return db.deleteFrom(MESSAGE_FEEDBACK)
            .where(own(caller, conversationId))
            .and(MESSAGE_FEEDBACK.MESSAGE_ID.eq(messageId))
            .execute()
        == 1;
  }

  /// The caller's, beyond a message's id.
  List<Feedback> list(
      DSLContext db, Caller caller, UUID conversationId, @Nullable UUID after, int limit) {
    var feedback = MESSAGE_FEEDBACK;
    return db.select(feedback.MESSAGE_ID, feedback.RATING, feedback.COMMENT, feedback.UPDATED_AT)
        .from(feedback)
        .where(own(caller, conversationId))
        .and(after == null ? noCondition() : feedback.MESSAGE_ID.gt(after))
        .orderBy(feedback.MESSAGE_ID)
        .limit(limit)
        .fetch(FeedbackStore::feedback);
  }

  /// The caller's of these messages.
  List<Feedback> of(DSLContext db, Caller caller, UUID conversationId, List<UUID> messageIds) {
    var feedback = MESSAGE_FEEDBACK;
    return db.select(feedback.MESSAGE_ID, feedback.RATING, feedback.COMMENT, feedback.UPDATED_AT)
        .from(feedback)
        .where(own(caller, conversationId))
        .and(feedback.MESSAGE_ID.in(messageIds))
        .fetch(FeedbackStore::feedback);
  }

  private static Condition own(Caller caller, UUID conversationId) {
    return MESSAGE_FEEDBACK
        .TENANT_ID
        .eq(caller.tenantId())
        .and(MESSAGE_FEEDBACK.USER_ID.eq(caller.principalId()))
        .and(MESSAGE_FEEDBACK.CONVERSATION_ID.eq(conversationId));
  }

  private static Feedback feedback(Record4<UUID, String, String, OffsetDateTime> row) {
    return new Feedback(
        row.value1(), Rating.valueOf(row.value2()), row.value3(), row.value4().toInstant());
  }
}
