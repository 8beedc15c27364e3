package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.message.State;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// Makes somebody the writer of a message. A writer is named by the number of the event that made
/// it one, so a later writer always has a greater name, also when rows have gone in between.
final class TakeOvers {
  private final Writes writes;
  private final Feed feed;
  private final Texts texts;
  private final Duration lease;
  private final EventStore events = new EventStore();
  private final EndStore store = new EndStore();

  /// @param lease how long a writer counts as alive after it was heard of
  TakeOvers(Writes writes, Feed feed, Texts texts, Duration lease) {
    this.writes = writes;
    this.feed = feed;
    this.texts = texts;
    this.lease = lease;
  }

  /// The first writer, of a message that was created in this transaction.
  Opened open(DSLContext db, UUID tenantId, Message message) {
    var key = new StreamKey(tenantId, message.id());
    var epoch = message.place().seq();
    var growth = new Growth(message.id(), List.of(), List.of(), 0);
    var expiresAt = store.open(db, key, message.conversationId(), epoch, growth, lease);
    return opened(message, epoch, growth, expiresAt);
  }

  /// Another writer, of a message that is being written or whose writer was lost.
  Opened takeOver(Caller caller, Attempt<Opened> attempt, UUID messageId, Pending pending) {
    var key = new StreamKey(caller.tenantId(), messageId);
    return writes.once(
        caller,
        attempt,
        db -> {
          var found = Found.lock(db, key, caller.principalId(), pending);
          var writing = found.writing();
          writing.checkAccess(caller);
          if (!writing.streaming() && !writing.lost()) {
            throw writing.ended();
          }
          return takeOver(db, found, pending);
        });
  }

  private Opened takeOver(DSLContext db, Found found, Pending pending) {
    var writing = found.writing();
    var growing = new Growing(writing, lease);
    pending.takeInto(growing, found.all());
    var parts = texts.of(db, writing, growing.growth().events()).parts().soFar();
    var growth = growing.growth();
    var rows = new ArrayList<>(growth.events());
    rows.add(
        EventRow.ofMessage(
            EventType.MESSAGE_UPDATED,
            writing.message().id(),
            MetadataJson.write(Map.of("state", State.STREAMING.name()))));
    var conversation = writing.conversation();
    var numbered =
        events.allocate(db, conversation.tenantId(), conversation.id(), rows.size()).orElseThrow();
    var epoch = numbered.lastSeq();
    growing.reached(epoch);
    if (writing.lost()) {
      store.reopen(db, writing.message(), epoch);
    }
    var expiresAt = store.open(db, writing.message(), conversation.id(), epoch, growth, lease);
    feed.append(db, conversation.tenantId(), conversation.id(), epoch, numbered.at(), rows);
    var message = texts.message(db, writing.message()).withParts(parts);
    return opened(message, epoch, growth, expiresAt);
  }

  private static Opened opened(
      Message message, long epoch, Growth growth, OffsetDateTime expiresAt) {
    return new Opened(
        message,
        epoch,
        new Progress(List.copyOf(growth.lengths()), epoch, false, expiresAt.toInstant()));
  }
}
