package dev.agentserver.conversation.message;

import dev.agentserver.conversation.message.MessageStore.Range;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Appends and reads messages.
public final class Messages {
  /// Where a page begins and which way it goes.
  public record Cursor(int from, boolean newestFirst) {
    /// From the first message on.
    public static final Cursor OLDEST = new Cursor(0, false);

    /// From the newest message back.
    public static final Cursor NEWEST = new Cursor(Integer.MAX_VALUE, true);
  }

  /// A page, and where the pages around it begin; null where there is none.
  ///
  /// @param head the event the page is the state of
  public record Page(
      List<Message> messages, @Nullable Cursor next, @Nullable Cursor previous, long head) {}

  private final Database database;
  private final Writes writes;
  private final Appender appender;
  private final MessageStore store = new MessageStore();
  private final Streamed streamed = new Streamed();

  public Messages(Database database, Writes writes, Appender appender) {
    this.database = database;
    this.writes = writes;
    this.appender = appender;
  }

  /// Appends the drafts in order, all or none, in one transaction.
  public List<Message> append(
      Caller caller,
      Attempt<List<Message>> attempt,
      UUID conversationId,
      @Nullable UUID expectedLeaf,
      List<NewMessage> drafts) {
    appender.checkRuns(caller, conversationId, drafts);
    return writes.once(
        caller, attempt, db -> appender.append(db, caller, conversationId, expectedLeaf, drafts));
  }

  public Message get(Caller caller, UUID messageId) {
    return database.read(
        db -> {
          var found = store.find(db, caller, messageId).orElseThrow(() -> notFound(messageId));
          return streamed.soFar(db, caller.tenantId(), found.message(), found.head());
        });
  }

  /// One page in the cursor's direction.
  public Page list(Caller caller, UUID conversationId, Cursor cursor, int size) {
    return database.read(db -> page(db, caller, conversationId, cursor, size));
  }

  /// The page with this message in its middle, oldest first.
  public Page around(Caller caller, UUID conversationId, UUID messageId, int size) {
    return database.read(
        db -> {
          var middle =
              store
                  .find(db, caller, messageId)
                  .map(MessageStore.Found::message)
                  .filter(message -> message.conversationId().equals(conversationId))
                  .orElseThrow(() -> notFound(messageId));
          var from = Math.max(0, middle.place().depth() - size / 2);
          var page = page(db, caller, conversationId, new Cursor(from, false), size);
          return new Page(
              page.messages(),
              page.next(),
              from == 0 ? null : new Cursor(from - 1, true),
              page.head());
        });
  }

  private Page page(DSLContext db, Caller caller, UUID conversationId, Cursor cursor, int size) {
    var slice =
        store.list(
            db, caller, new Range(conversationId, cursor.from(), cursor.newestFirst(), size));
    if (slice.messages().isEmpty()) {
      var head =
          store
              .head(db, caller, conversationId)
              .orElseThrow(
                  () -> new Problem.NotFound("conversation", conversationId.toString()).raise());
      return new Page(List.of(), null, null, head);
    }
    var messages =
        slice.messages().stream()
            .map(message -> streamed.soFar(db, caller.tenantId(), message, slice.head()))
            .toList();
    return new Page(
        messages, slice.more() ? after(messages.getLast(), cursor) : null, null, slice.head());
  }

  private static Cursor after(Message last, Cursor cursor) {
    var depth = last.place().depth();
    return new Cursor(cursor.newestFirst() ? depth - 1 : depth + 1, cursor.newestFirst());
  }

  private static RuntimeException notFound(UUID messageId) {
    return new Problem.NotFound("message", messageId.toString()).raise();
  }
}
