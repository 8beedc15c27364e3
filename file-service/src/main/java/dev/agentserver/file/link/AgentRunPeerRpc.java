package dev.agentserver.file.link;

import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.CheckFileAccessRequest;
import dev.agentserver.agentrun.v1.FileAccessServiceGrpc;
import dev.agentserver.agentrun.v1.GetAgentRequest;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Asks agent-run-service, as the caller at hand.
///
/// It asks in a context that does not end with the call that needs the answer: what the channel
/// opens meanwhile, such as its health check, is for all calls.
public final class AgentRunPeerRpc implements AgentRunPeer {
  private static final String WRITE = "agent:write";
  /// What the contract takes at once.
  private static final int MOST = 1000;

  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Channel channel;

  public AgentRunPeerRpc(Channel channel) {
    this.channel = channel;
  }

  @Override
  public boolean isReadable(Collection<UUID> sessionIds, Collection<UUID> agentIds) {
    var request =
        CheckFileAccessRequest.newBuilder()
            .addAllSessionIds(sessionIds.stream().limit(MOST).map(UUID::toString).toList())
            .addAllAgentIds(agentIds.stream().limit(MOST).map(UUID::toString).toList())
            .build();
    var access = within(FileAccessServiceGrpc.newBlockingStub(channel));
    return ask(() -> access.checkFileAccess(request).getReadable()).orElse(false);
  }

  @Override
  public void requireAgent(UUID agentId) {
    var request = GetAgentRequest.newBuilder().setAgentId(agentId.toString()).build();
    var agents = within(AgentServiceGrpc.newBlockingStub(channel));
    var caller = Callers.current();
    ask(() -> agents.getAgent(request))
        .filter(
            agent ->
                caller.mayAny(WRITE)
                    || (caller.may(WRITE)
                        && agent.getOwnerId().equals(caller.principalId().toString())))
        .orElseThrow(() -> new Problem.NotFound("agent", agentId.toString()).raise());
  }

  private static <S extends AbstractStub<S>> S within(S stub) {
    return stub.withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
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
      throw new Problem.Unavailable("agent-run-service", RETRY).raise();
    } finally {
      apart.detach(before);
    }
  }
}
