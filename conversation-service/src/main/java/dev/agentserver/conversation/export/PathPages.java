package dev.agentserver.conversation.export;

import dev.agentserver.conversation.export.Exported.Parent;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.message.Messages.Cursor;
import dev.agentserver.kit.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The path of the caller's active branch, oldest first.
final class PathPages implements Pages {
  private static final int PAGE = 500;

  private final Messages messages;
  private final Caller caller;
  private final UUID conversationId;
  private final long through;
  private @Nullable Cursor cursor = new Cursor(null, 0, false);
  private @Nullable Parent parent;

  /// @param through no message that was created after this event
  PathPages(Messages messages, Caller caller, UUID conversationId, long through) {
    this.messages = messages;
    this.caller = caller;
    this.conversationId = conversationId;
    this.through = through;
  }

  @Override
  public List<Exported> next() {
    if (cursor == null) {
      return List.of();
    }
    var page = messages.list(caller, conversationId, cursor, PAGE);
    cursor = page.next();
    var wanted = new ArrayList<Exported>();
    for (var message : page.messages()) {
      // What comes after a message was created after it.
      if (message.place().seq() > through) {
        cursor = null;
        break;
      }
      wanted.add(new Exported(message, parent));
      parent = parent(message);
    }
    return wanted;
  }

  private static Parent parent(Message message) {
    return new Parent(message.id(), message.place().branchNo(), message.place().depth());
  }
}
