package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.StoredEvent;
import dev.agentserver.conversation.message.Content;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MessageStore;
import dev.agentserver.conversation.watch.Change.MessageCreated;
import dev.agentserver.conversation.watch.Change.PartDelta;
import dev.agentserver.conversation.watch.Change.PartStarted;
import dev.agentserver.kit.eventlog.EventTable;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/// The events of conversations, as the event log reads them.
public final class ConversationEvents implements EventTable<Event> {
  private static final int OVERHEAD = 200;

  private final EventStore events = new EventStore();
  private final MessageStore messages = new MessageStore();

  @Override
  public long seq(Event event) {
    return event.seq();
  }

  @Override
  public int bytes(Event event) {
    return OVERHEAD
        + switch (event.change()) {
          case MessageCreated(var message) -> Content.bytes(message.parts());
          case PartStarted(_, _, var start) -> Content.bytes(List.of(start));
          case PartDelta delta -> 2 * delta.text().length();
          case Change.PartDone _,
              Change.MessageEnded _,
              Change.MessageUpdated _,
              Change.MessageDeleted _,
              Change.BranchCreated _,
              Change.BranchSwitched _,
              Change.ConversationUpdated _,
              Change.MemberChanged _,
              Change.TagChanged _,
              Change.FeedbackChanged _,
              Change.ConversationDeleted _ ->
              OVERHEAD;
        };
  }

  @Override
  public List<Event> read(DSLContext db, StreamKey stream, long after, int limit) {
    var rows = events.page(db, stream.tenantId(), stream.id(), after, limit);
    var created = created(db, stream.tenantId(), rows);
    return rows.stream()
        // A conversation that is being purged has lost its messages between the two statements.
        .takeWhile(
            row ->
                row.row().type() != EventType.MESSAGE_CREATED
                    || created.containsKey(row.row().messageId()))
        .map(row -> new Event(row.seq(), row.at(), Changes.of(row.row(), created)))
        .toList();
  }

  @Override
  public Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams) {
    return events.heads(db, streams);
  }

  /// The messages are read only where there is one: most pages are deltas.
  private Map<UUID, Message> created(DSLContext db, UUID tenantId, List<StoredEvent> rows) {
    var ids =
        rows.stream()
            .filter(row -> row.row().type() == EventType.MESSAGE_CREATED)
            .map(row -> row.row().messageId())
            .toList();
    return ids.isEmpty()
        ? Map.of()
        : messages.byIds(db, tenantId, ids).stream()
            .collect(Collectors.toMap(Message::id, message -> message));
  }
}
