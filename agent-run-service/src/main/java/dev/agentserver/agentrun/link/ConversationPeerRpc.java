package dev.agentserver.agentrun.link;

import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.Membership.Role;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Asks conversation-service, as the caller at hand.
public final class ConversationPeerRpc implements ConversationPeer {
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
      throw missing(id);
    }
  }

  private Conversation get(UUID id) {
    try {
      return ConversationServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
          .getConversation(
              GetConversationRequest.newBuilder().setConversationId(id.toString()).build());
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      throw code == Code.NOT_FOUND || code == Code.PERMISSION_DENIED
          ? missing(id)
          : new Problem.Unavailable("conversation-service", RETRY).raise();
    }
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound("conversation", id.toString()).raise();
  }
}
