package dev.agentserver.file.link;

import dev.agentserver.conversation.v1.CheckFileAccessRequest;
import dev.agentserver.conversation.v1.CheckFileAccessResponse;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.FileAccessServiceGrpc;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Membership.Role;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks conversation-service, as the caller at hand.
///
/// It asks in a context that does not end with the call that needs the answer: what the channel
/// opens meanwhile, such as its health check, is for all calls.
public final class ConversationPeerRpc implements ConversationPeer {
  private static final String WRITE = "conversation:write";
  /// What the contract takes at once.
  private static final int MOST = 1000;

  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Channel channel;

  public ConversationPeerRpc(Channel channel) {
    this.channel = channel;
  }

  @Override
  public boolean isReadable(UUID fileId, Collection<UUID> conversationIds) {
    var request =
        CheckFileAccessRequest.newBuilder()
            .setFileId(fileId.toString())
            .addAllConversationIds(
                conversationIds.stream().limit(MOST).map(UUID::toString).toList())
            .build();
    return ask(() ->
            FileAccessServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
                .checkFileAccess(request))
        .filter(CheckFileAccessResponse::getReadable)
        .isPresent();
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
    return ask(
        () ->
            ConversationServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
                .getConversation(request));
  }

  private boolean isIn(UUID messageId, String conversationId) {
    var request = GetMessageRequest.newBuilder().setMessageId(messageId.toString()).build();
    return ask(() ->
            MessageServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
                .getMessage(request))
        .filter(message -> message.getConversationId().equals(conversationId))
        .isPresent();
  }

  private static <T> Optional<T> ask(Supplier<T> question) {
    var apart = Context.current().fork();
    var before = apart.attach();
    try {
      return Optional.of(question.get());
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      if (code == Code.NOT_FOUND || code == Code.PERMISSION_DENIED) {
        return Optional.empty();
      }
      throw new Problem.Unavailable("conversation-service", RETRY).raise();
    } finally {
      apart.detach(before);
    }
  }

  private static RuntimeException missing(String resource, UUID id) {
    return new Problem.NotFound(resource, id.toString()).raise();
  }
}
