package dev.agentserver.conversation.message;

import dev.agentserver.conversation.message.MessageStore.Owned;
import dev.agentserver.conversation.message.MessageStore.Range;
import dev.agentserver.conversation.message.MessageStore.Slice;
import dev.agentserver.conversation.tree.Chain.Window;
import dev.agentserver.conversation.tree.Spot;
import dev.agentserver.conversation.tree.TreeStore;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.StreamKey;
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
  ///
  /// @param branchNo the branch whose messages they are; null: the caller's active one
  public record Cursor(@Nullable Integer branchNo, int from, boolean newestFirst) {
    /// From the newest message of the caller's active branch back.
    public static final Cursor NEWEST = newest(null);

    /// From the first message on.
    static Cursor oldest(@Nullable Integer branchNo) {
      return new Cursor(branchNo, 0, false);
    }

    /// From the newest message back.
    static Cursor newest(@Nullable Integer branchNo) {
      return new Cursor(branchNo, Integer.MAX_VALUE, true);
    }
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
  private final TreeStore trees = new TreeStore();

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
    var checked = appender.checked(caller, conversationId, drafts);
    return writes.once(
        caller, attempt, db -> appender.append(db, caller, conversationId, expectedLeaf, checked));
  }

  /// Says something else in place of a message.
  public Message edit(
      Caller caller, Attempt<List<Message>> attempt, UUID messageId, NewMessage draft) {
    var message = get(caller, messageId);
    var drafts = List.of(draft.beside(message));
    return append(caller, attempt, message.conversationId(), null, drafts).getFirst();
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
  ///
  /// @param branchNo the branch, which must have the message; null: the caller's active one or,
  /// where it has not, the message's own
  public Page around(
      Caller caller, UUID conversationId, @Nullable Integer branchNo, UUID messageId, int size) {
    return database.read(
        db -> {
          var middle =
              store
                  .find(db, caller, messageId)
                  .map(MessageStore.Found::message)
                  .filter(message -> message.conversationId().equals(conversationId))
                  .orElseThrow(() -> notFound(messageId))
                  .place();
          var branch =
              store
                  .owner(db, caller, conversationId, branchNo, middle.depth())
                  .filter(owned -> owned.owner() == middle.branchNo())
                  .map(Owned::tip)
                  .orElse(branchNo == null ? middle.branchNo() : null);
          if (branch == null) {
            throw notFound(messageId);
          }
          var from = Math.max(0, middle.depth() - size / 2);
          var page = page(db, caller, conversationId, new Cursor(branch, from, false), size);
          return new Page(
              page.messages(),
              page.next(),
              from == 0 ? null : new Cursor(branch, from - 1, true),
              page.head());
        });
  }

  /// Messages with the same parent as one, itself included, in the order of their creation. The
  /// cursor of the next page begins after the branch that it names.
  public Page siblings(Caller caller, UUID messageId, int afterBranchNo, int size) {
    return database.read(
        db -> {
          var message = store.find(db, caller, messageId).orElseThrow(() -> notFound(messageId));
          var id = message.message().conversationId();
          var parent = trees.parent(db, new StreamKey(caller.tenantId(), id), spot(message));
          var slice = store.siblings(db, caller, id, parent, afterBranchNo, size);
          var messages = soFar(db, caller, slice);
          var next =
              slice.more() ? new Cursor(messages.getLast().place().branchNo(), 0, false) : null;
          return new Page(messages, next, null, slice.head());
        });
  }

  private static Spot spot(MessageStore.Found found) {
    var place = found.message().place();
    return new Spot(place.branchNo(), place.depth());
  }

  private List<Message> soFar(DSLContext db, Caller caller, Slice slice) {
    return slice.messages().stream()
        .map(message -> streamed.soFar(db, caller.tenantId(), message, slice.head()))
        .toList();
  }

  private Page page(DSLContext db, Caller caller, UUID conversationId, Cursor cursor, int size) {
    var window = new Window(cursor.from(), cursor.newestFirst(), size);
    var slice = store.list(db, caller, new Range(conversationId, cursor.branchNo(), window));
    if (slice.messages().isEmpty()) {
      return empty(db, caller, conversationId, cursor.branchNo());
    }
    var messages = soFar(db, caller, slice);
    return new Page(
        messages,
        slice.more() ? after(messages.getLast(), slice.branchNo(), cursor) : null,
        null,
        slice.head());
  }

  private Page empty(
      DSLContext db, Caller caller, UUID conversationId, @Nullable Integer branchNo) {
    var head =
        store
            .head(db, caller, conversationId)
            .orElseThrow(
                () -> new Problem.NotFound("conversation", conversationId.toString()).raise());
    if (branchNo != null && !store.branchExists(db, caller.tenantId(), conversationId, branchNo)) {
      throw new Problem.NotFound("branch", branchNo.toString()).raise();
    }
    return new Page(List.of(), null, null, head);
  }

  private static Cursor after(Message last, int branchNo, Cursor cursor) {
    var depth = last.place().depth();
    var newestFirst = cursor.newestFirst();
    return new Cursor(branchNo, newestFirst ? depth - 1 : depth + 1, newestFirst);
  }

  private static RuntimeException notFound(UUID messageId) {
    return new Problem.NotFound("message", messageId.toString()).raise();
  }
}
