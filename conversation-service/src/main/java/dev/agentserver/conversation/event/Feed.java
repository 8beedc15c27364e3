package dev.agentserver.conversation.event;

import dev.agentserver.kit.eventlog.StreamKey;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;

/// Where the events of a conversation are written, and those who follow it hear of them.
public final class Feed {
  /// Tells whoever follows a conversation, once the transaction is committed, that there is
  /// something up to this event.
  @FunctionalInterface
  public interface Bell {
    void ring(DSLContext db, UUID tenantId, UUID conversationId, long seq);
  }

  private final EventStore store = new EventStore();
  private final Bell bell;
  private final Bell news;

  /// @param bell rings for every event
  /// @param news rings for all but the pieces that messages grow by, which writers hear too: their
  /// own pieces tell them nothing
  public Feed(Bell bell, Bell news) {
    this.bell = bell;
    this.news = news;
  }

  /// Writes events under numbers that the caller has allocated, the last of which is `lastSeq`.
  public void append(
      DSLContext db,
      UUID tenantId,
      UUID conversationId,
      long lastSeq,
      OffsetDateTime at,
      List<EventRow> events) {
    var conversation = new StreamKey(tenantId, conversationId);
    store.insert(db, NumberedEvent.numbered(conversation, lastSeq, at, events));
    written(db, tenantId, conversationId, lastSeq);
  }

  /// Allocates the number of an event, and writes it. The conversation must exist.
  public long append(DSLContext db, UUID tenantId, UUID conversationId, EventRow event) {
    var allocated = store.allocate(db, tenantId, conversationId, 1).orElseThrow();
    append(db, tenantId, conversationId, allocated.lastSeq(), allocated.at(), List.of(event));
    return allocated.lastSeq();
  }

  /// Tells of events that the caller has written together with what they are about.
  public void written(DSLContext db, UUID tenantId, UUID conversationId, long seq) {
    bell.ring(db, tenantId, conversationId, seq);
    news.ring(db, tenantId, conversationId, seq);
  }

  /// The same of pieces that messages grow by, which are no news for their writers.
  public void grown(DSLContext db, UUID tenantId, UUID conversationId, long seq) {
    bell.ring(db, tenantId, conversationId, seq);
  }
}
