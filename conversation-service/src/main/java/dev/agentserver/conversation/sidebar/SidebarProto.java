package dev.agentserver.conversation.sidebar;

import dev.agentserver.conversation.conversation.ConversationProto;
import dev.agentserver.conversation.v1.ConversationChange;
import dev.agentserver.conversation.v1.ConversationGone;
import dev.agentserver.conversation.v1.End;
import dev.agentserver.conversation.v1.Heartbeat;
import dev.agentserver.conversation.v1.ListReset;

/// Changes of a list as the contract has them.
public final class SidebarProto {
  private SidebarProto() {}

  public static ConversationChange toProto(Change change) {
    var proto = ConversationChange.newBuilder().setResumeToken(ResumeToken.of(change.seen()));
    return switch (change) {
      case Change.Shown(_, var conversation) ->
          proto.setConversation(ConversationProto.toProto(conversation)).build();
      case Change.Gone(_, var id) ->
          proto
              .setConversationGone(ConversationGone.newBuilder().setConversationId(id.toString()))
              .build();
      case Change.Reset _ -> proto.setListReset(ListReset.getDefaultInstance()).build();
      case Change.Heartbeat _ -> proto.setHeartbeat(Heartbeat.getDefaultInstance()).build();
      case Change.Expired _ ->
          proto.setEnd(End.newBuilder().setReason(End.Reason.REASON_TOKEN_EXPIRED)).build();
      case Change.Revoked _ ->
          proto.setEnd(End.newBuilder().setReason(End.Reason.REASON_REVOKED)).build();
    };
  }
}
