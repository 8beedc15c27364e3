package dev.agentserver.conversation;

import dev.agentserver.conversation.conversation.ConversationRpc;
import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.conversation.Trash;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.message.Appender;
import dev.agentserver.conversation.message.MessageRpc;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.outbox.Outbox;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.List;

/// The service's own objects, without the process around them.
record DomainWiring(List<BindableService> services, Trash trash) {
  static DomainWiring of(
      Database database, Writes writes, Outbox outbox, AuditTrail audit, Ids ids, Duration keep) {
    var feed = new Feed((_, _, _, _) -> {});
    var entries = new Entries((_, _, _, _) -> {});
    var appender = new Appender(ids, feed, entries);
    var messages = new Messages(database, writes, appender);
    var conversations = new Conversations(database, writes, appender, feed, entries, ids);
    var trash = new Trash(database, writes, outbox, audit, feed, entries, keep);
    return new DomainWiring(
        List.of(new ConversationRpc(conversations, trash, messages), new MessageRpc(messages)),
        trash);
  }
}
