package dev.agentserver.conversation.sidebar;

import dev.agentserver.conversation.v1.ConversationChange;
import dev.agentserver.conversation.v1.WatchConversationsRequest;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Sender;

/// WatchConversations of ConversationEventService: translation between the contract and [Sidebar].
public final class SidebarRpc {
  private final Sidebar sidebar;

  public SidebarRpc(Sidebar sidebar) {
    this.sidebar = sidebar;
  }

  /// Serves one stream.
  public void watch(WatchConversationsRequest request, Sender<ConversationChange> sender) {
    sidebar.follow(
        Callers.current(),
        request.getResumeToken(),
        change -> sender.send(SidebarProto.toProto(change)));
  }
}
