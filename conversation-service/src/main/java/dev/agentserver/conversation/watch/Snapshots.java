package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MessageStore;
import dev.agentserver.conversation.message.Streamed;
import dev.agentserver.conversation.tree.Branch;
import dev.agentserver.conversation.tree.TreeStore;
import dev.agentserver.conversation.watch.WatchStore.Touched;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The state of a conversation at one event, for a reader who is missing the events before it.
///
/// A snapshot that is too large for one page is read in several transactions. Each page holds
/// messages as they are when it is read; the last one also holds again what has changed since the
/// first, so that together they are the state at the last one's event.
final class Snapshots {
  /// The most messages of a page, and about the most bytes.
  static final int PAGE = 100;

  private static final int PAGE_BYTES = 2 * 1024 * 1024;

  /// Of the last page of a reader that is catching up with messages that grow faster than pages are
  /// read: without it there might be no last page.
  private static final int CATCH_UP_BYTES = 4 * PAGE_BYTES;

  private static final int NEWEST = 50;

  /// How far a snapshot has come.
  ///
  /// @param from what the reader had when it began
  /// @param low events up to here are covered by the pages before
  /// @param high events up to here are being covered, message by message
  /// @param message the seq of the last message that was sent of these
  record Cursor(long from, long low, long high, long message) {
    static Cursor after(long from) {
      return new Cursor(from, from, -1, 0);
    }
  }

  /// @param seq the event the state is of, or, where more pages follow, what the reader had
  /// @param next null on the last page
  /// @param branches those that the messages are on
  record Page(List<Message> messages, List<Branch> branches, long seq, @Nullable Cursor next) {}

  private final Database database;
  private final WatchStore store = new WatchStore();
  private final MessageStore messages = new MessageStore();
  private final EventStore events = new EventStore();
  private final Streamed streamed = new Streamed();
  private final TreeStore trees = new TreeStore();

  Snapshots(Database database) {
    this.database = database;
  }

  /// A page of what has changed since the cursor began.
  Page page(StreamKey conversation, Cursor cursor) {
    return database.snapshot(db -> page(db, conversation, cursor));
  }

  /// The newest messages, and the event they are the state of.
  Page newest(StreamKey conversation) {
    return database.snapshot(
        db -> {
          var head = head(db, conversation);
          var newest = store.newest(db, conversation.tenantId(), conversation.id(), NEWEST);
          var kept =
              newest.reversed().subList(0, fitting(newest.reversed(), PAGE_BYTES)).reversed();
          return read(db, conversation, kept, head, head, null);
        });
  }

  private Page page(DSLContext db, StreamKey conversation, Cursor cursor) {
    var head = head(db, conversation);
    var high = cursor.high() < 0 ? head : cursor.high();
    var rest = touched(db, conversation, cursor.low(), high, cursor.message());
    var fits = fitting(rest, PAGE_BYTES);
    if (fits < rest.size() || rest.size() > PAGE) {
      var page = rest.subList(0, Math.min(fits, PAGE));
      var next = new Cursor(cursor.from(), cursor.low(), high, page.getLast().seq());
      return read(db, conversation, page, head, cursor.from(), next);
    }
    var all = new TreeMap<Long, Touched>();
    rest.forEach(one -> all.put(one.seq(), one));
    touched(db, conversation, high, head, 0).forEach(one -> all.put(one.seq(), one));
    var together = List.copyOf(all.values());
    var room = cursor.low() > cursor.from() ? CATCH_UP_BYTES : PAGE_BYTES;
    if (fitting(together, room) == together.size() && together.size() <= PAGE) {
      return read(db, conversation, together, head, head, null);
    }
    var next = new Cursor(cursor.from(), high, head, 0);
    return read(db, conversation, rest, head, cursor.from(), next);
  }

  private List<Touched> touched(
      DSLContext db, StreamKey conversation, long from, long to, long afterMessage) {
    return from >= to
        ? List.of()
        : store.touched(
            db, conversation.tenantId(), conversation.id(), from, to, afterMessage, PAGE + 1);
  }

  /// How many of them one page takes: at least one.
  private static int fitting(List<Touched> messages, int room) {
    var bytes = 0L;
    for (var i = 0; i < messages.size(); i++) {
      bytes += messages.get(i).sizeBytes();
      if (bytes > room) {
        return Math.max(1, i);
      }
    }
    return messages.size();
  }

  private long head(DSLContext db, StreamKey conversation) {
    var head = events.heads(db, List.of(conversation)).get(conversation);
    return head == null ? 0 : head.seq();
  }

  private Page read(
      DSLContext db,
      StreamKey conversation,
      List<Touched> wanted,
      long head,
      long seq,
      @Nullable Cursor next) {
    if (wanted.isEmpty()) {
      return new Page(List.of(), List.of(), seq, next);
    }
    var ids = wanted.stream().map(Touched::messageId).toList();
    var found =
        messages.byIds(db, conversation.tenantId(), ids).stream()
            .map(message -> streamed.soFar(db, conversation.tenantId(), message, head))
            .toList();
    var on = found.stream().map(message -> message.place().branchNo()).collect(Collectors.toSet());
    return new Page(found, trees.branches(db, conversation, on), seq, next);
  }
}
