package dev.agentserver.conversation.link;

import dev.agentserver.agentrun.v1.GetRunRequest;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks agent-run-service, as the caller at hand.
///
/// It asks in a context that does not end with the call that needs the answer: what the channel
/// opens meanwhile, such as its health check, is for all calls.
public final class RunPeerRpc implements RunPeer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunPeerRpc.class);
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ManagedChannel channel;

  /// @param target where agent-run-service is; it is connected to when it is first asked
  public RunPeerRpc(String target) {
    this.channel = Peers.channel(target);
  }

  @Override
  public Optional<Run> find(UUID runId) {
    var deadline = deadline();
    var apart = Context.current().fork();
    var before = apart.attach();
    try {
      var run =
          RunServiceGrpc.newBlockingStub(channel)
              .withDeadline(deadline)
              .getRun(GetRunRequest.newBuilder().setRunId(runId.toString()).build());
      var conversation = run.getConversationId();
      return Optional.of(new Run(conversation.isEmpty() ? null : UUID.fromString(conversation)));
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      if (code == Code.NOT_FOUND || code == Code.PERMISSION_DENIED) {
        return Optional.empty();
      }
      LOG.warn("agent-run-service does not say whether run {} is there: {}", runId, code);
      throw new Problem.Unavailable("agent-run-service", RETRY).raise();
    } finally {
      apart.detach(before);
    }
  }

  private static Deadline deadline() {
    var own = Deadline.after(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
    var callers = Context.current().getDeadline();
    return callers == null ? own : own.minimum(callers);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
