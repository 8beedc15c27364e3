package dev.agentserver.agentrun.link;

import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Membership.Role;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.kit.grpc.CallerPeer;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import java.time.Duration;
import java.util.UUID;

/// Asks conversation-service, as the caller at hand.
public final class ConversationPeerRpc implements ConversationPeer {
  private static final String CONVERSATION = "conversation";
  private static final String WRITE = "conversation:write";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CallerPeer peer;

  public ConversationPeerRpc(Channel channel) {
    this.peer = new CallerPeer(channel, "conversation-service", PATIENCE);
  }

  @Override
  public void require(UUID id) {
    get(id);
  }

  @Override
  public void requireWritable(UUID id) {
    var role = get(id).getMembership().getRole();
    var caller = Callers.current();
    var member = role == Role.ROLE_EDITOR || role == Role.ROLE_OWNER;
    if (!(member && caller.may(WRITE)) && !caller.mayAny(WRITE)) {
      throw missing(CONVERSATION, id);
    }
  }

  @Override
  public UUID conversationOf(UUID messageId) {
    var request = GetMessageRequest.newBuilder().setMessageId(messageId.toString()).build();
    return peer.find(MessageServiceGrpc::newBlockingStub, messages -> messages.getMessage(request))
        .map(message -> UUID.fromString(message.getConversationId()))
        .orElseThrow(() -> missing("message", messageId));
  }

  private Conversation get(UUID id) {
    var request = GetConversationRequest.newBuilder().setConversationId(id.toString()).build();
    return peer.find(
            ConversationServiceGrpc::newBlockingStub,
            conversations -> conversations.getConversation(request))
        .orElseThrow(() -> missing(CONVERSATION, id));
  }

  private static RuntimeException missing(String resource, UUID id) {
    return new Problem.NotFound(resource, id.toString()).raise();
  }
}
