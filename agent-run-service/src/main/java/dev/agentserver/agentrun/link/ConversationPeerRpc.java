package dev.agentserver.agentrun.link;

import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Asks conversation-service, as the caller at hand.
public final class ConversationPeerRpc {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Channel channel;

  public ConversationPeerRpc(Channel channel) {
    this.channel = channel;
  }

  /// Fails with NotFound where the caller may not see such a conversation.
  public void require(UUID id) {
    try {
      ConversationServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
          .getConversation(
              GetConversationRequest.newBuilder().setConversationId(id.toString()).build());
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      throw code == Code.NOT_FOUND || code == Code.PERMISSION_DENIED
          ? new Problem.NotFound("conversation", id.toString()).raise()
          : new Problem.Unavailable("conversation-service", RETRY).raise();
    }
  }
}
