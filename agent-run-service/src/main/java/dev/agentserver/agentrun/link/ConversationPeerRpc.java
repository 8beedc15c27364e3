package dev.agentserver.agentrun.link;

import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Membership.Role;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Asks conversation-service, as the caller at hand.
public final class ConversationPeerRpc implements ConversationPeer {
  private static final String CONVERSATION = "conversation";
  private static final String WRITE = "conversation:write";
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Channel channel;

  public ConversationPeerRpc(Channel channel) {
    this.channel = channel;
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
    var messages = MessageServiceGrpc.newBlockingStub(channel);
    var message = ask("message", messageId, () -> within(messages).getMessage(request));
    return UUID.fromString(message.getConversationId());
  }

  private Conversation get(UUID id) {
    var request = GetConversationRequest.newBuilder().setConversationId(id.toString()).build();
    var conversations = ConversationServiceGrpc.newBlockingStub(channel);
    return ask(CONVERSATION, id, () -> within(conversations).getConversation(request));
  }

  private static <S extends AbstractStub<S>> S within(S stub) {
    return stub.withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static <T> T ask(String resource, UUID id, Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      throw code == Code.NOT_FOUND || code == Code.PERMISSION_DENIED
          ? missing(resource, id)
          : new Problem.Unavailable("conversation-service", RETRY).raise();
    }
  }

  private static RuntimeException missing(String resource, UUID id) {
    return new Problem.NotFound(resource, id.toString()).raise();
  }
}
