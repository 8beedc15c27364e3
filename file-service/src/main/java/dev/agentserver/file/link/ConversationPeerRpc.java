package dev.agentserver.file.link;

import dev.agentserver.conversation.v1.CheckFileAccessRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.FileAccessServiceGrpc;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Membership.Role;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.kit.grpc.CallerPeer;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Asks conversation-service, as the caller at hand.
public final class ConversationPeerRpc implements ConversationPeer {
  private static final String WRITE = "conversation:write";
  /// What the contract takes at once.
  private static final int MOST = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CallerPeer peer;

  public ConversationPeerRpc(Channel channel) {
    this.peer = new CallerPeer(channel, "conversation-service", PATIENCE);
  }

  @Override
  public boolean isReadable(UUID fileId, Collection<UUID> conversationIds) {
    var request =
        CheckFileAccessRequest.newBuilder()
            .setFileId(fileId.toString())
            .addAllConversationIds(
                conversationIds.stream().limit(MOST).map(UUID::toString).toList())
            .build();
    return peer.find(
            FileAccessServiceGrpc::newBlockingStub,
            access -> access.checkFileAccess(request).getReadable())
        .orElse(false);
  }

  @Override
  public void requireWritable(UUID conversationId, @Nullable UUID messageId) {
    var found =
        conversation(conversationId)
            .filter(ConversationPeerRpc::isWritable)
            .orElseThrow(() -> missing("conversation", conversationId));
    if (messageId != null && !isIn(messageId, found.getId())) {
      throw missing("message", messageId);
    }
  }

  private static boolean isWritable(Conversation conversation) {
    var role = conversation.getMembership().getRole();
    var caller = Callers.current();
    return caller.mayAny(WRITE)
        || (caller.may(WRITE) && (role == Role.ROLE_EDITOR || role == Role.ROLE_OWNER));
  }

  private Optional<Conversation> conversation(UUID id) {
    var request = GetConversationRequest.newBuilder().setConversationId(id.toString()).build();
    return peer.find(
        ConversationServiceGrpc::newBlockingStub,
        conversations -> conversations.getConversation(request));
  }

  private boolean isIn(UUID messageId, String conversationId) {
    var request = GetMessageRequest.newBuilder().setMessageId(messageId.toString()).build();
    return peer.find(MessageServiceGrpc::newBlockingStub, messages -> messages.getMessage(request))
        .filter(message -> message.getConversationId().equals(conversationId))
        .isPresent();
  }

  private static RuntimeException missing(String resource, UUID id) {
    return new Problem.NotFound(resource, id.toString()).raise();
  }
}
