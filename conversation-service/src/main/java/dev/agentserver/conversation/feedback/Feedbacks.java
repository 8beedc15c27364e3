package dev.agentserver.conversation.feedback;

import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.feedback.Feedback.Rating;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Keeps what each reader thinks of messages. The others hear that somebody said something, and not
/// what.
public final class Feedbacks {
  private final Database database;
  private final Feed feed;
  private final FeedbackStore store = new FeedbackStore();

  public Feedbacks(Database database, Feed feed) {
    this.database = database;
    this.feed = feed;
  }

  Feedback put(Caller caller, UUID messageId, Rating rating, String comment) {
    return database.write(
        db -> {
          var conversationId = lock(db, caller, messageId);
          var feedback = store.put(db, caller, conversationId, messageId, rating, comment);
          tell(db, caller, conversationId, messageId);
          return feedback;
        });
  }

  /// Takes back what was said; where nothing was said nothing happens.
  void take(Caller caller, UUID messageId) {
    database.write(
        db -> {
          var conversationId = lock(db, caller, messageId);
          if (store.delete(db, caller, conversationId, messageId)) {
            tell(db, caller, conversationId, messageId);
          }
          return true;
        });
  }

  /// @param after the last message of the page before; null: from the first
  List<Feedback> list(Caller caller, UUID conversationId, @Nullable UUID after, int limit) {
    return database.read(
        db -> {
          if (!store.readable(db, caller, conversationId)) {
            throw new Problem.NotFound("conversation", conversationId.toString()).raise();
          }
          return store.list(db, caller, conversationId, after, limit);
        });
  }

  /// What the caller said of these messages of a conversation, by message.
  public Map<UUID, Feedback> of(Caller caller, UUID conversationId, List<UUID> messageIds) {
    return database.read(db -> store.of(db, caller, conversationId, messageIds)).stream()
        .collect(Collectors.toMap(Feedback::messageId, each -> each));
  }

  private UUID lock(DSLContext db, Caller caller, UUID messageId) {
    return store
        .lock(db, caller, messageId)
        .orElseThrow(() -> new Problem.NotFound("message", messageId.toString()).raise());
  }

  private void tell(DSLContext db, Caller caller, UUID conversationId, UUID messageId) {
    var data = MetadataJson.write(Map.of("user_id", caller.principalId().toString()));
    feed.append(
        db,
        caller.tenantId(),
        conversationId,
        EventRow.ofMessage(EventType.FEEDBACK_CHANGED, messageId, data));
  }
}
