package dev.agentserver.conversation.message;

import dev.agentserver.conversation.event.EventStore;
import java.util.UUID;
import org.jooq.DSLContext;

/// Reads what is there of messages that are still being written.
public final class Streamed {
  private final EventStore events = new EventStore();

  /// The message with its parts as they were after the event `upTo`; one that is not being written
  /// as it is.
  public Message soFar(DSLContext db, UUID tenantId, Message message, long upTo) {
    if (message.state() != State.STREAMING) {
      return message;
    }
    var parts = new Parts(message.parts());
    events
        .ofMessage(db, tenantId, message.conversationId(), message.id(), message.partsSeq(), upTo)
        .forEach(parts::apply);
    return message.withParts(parts.soFar());
  }
}
