package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.event.StoredEvent;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MessageStore;
import dev.agentserver.conversation.message.Parts;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.List;
import org.jooq.DSLContext;

/// What is there of messages that are being written.
final class Texts {
  /// A message's parts, and the model that was announced for it.
  record Text(Parts parts, String model) {}

  private final MessageStore messages = new MessageStore();
  private final EventStore events = new EventStore();

  /// The message's row. It must exist.
  Message message(DSLContext db, StreamKey key) {
    return messages.byIds(db, key.tenantId(), List.of(key.id())).getFirst();
  }

  /// The parts as they are stored, and then grown by what is not stored yet.
  Text of(DSLContext db, Writing writing, List<EventRow> more) {
    var message = message(db, writing.message());
    var conversation = writing.conversation();
    var parts = new Parts(message.parts());
    events
        .ofMessage(
            db,
            conversation.tenantId(),
            conversation.id(),
            message.id(),
            message.partsSeq(),
            Long.MAX_VALUE)
        .forEach(parts::apply);
    more.forEach(row -> parts.apply(new StoredEvent(0, message.updatedAt(), row)));
    return new Text(parts, message.origin().model());
  }
}
