package dev.agentserver.settings.run;

import dev.agentserver.agentrun.v1.GetRunGrantRequest;
import dev.agentserver.agentrun.v1.RunGrantServiceGrpc;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks agent-run-service.
///
/// It asks outside the call that needs the answer, but for the deadline: what the channel opens
/// meanwhile, such as its health check, is for all calls and would end with this one.
public final class RunGrantPeerRpc implements RunGrants, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunGrantPeerRpc.class);
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ManagedChannel channel;
  private final ServiceToken token;

  /// @param target where agent-run-service is
  /// @param token what this service proves itself with there
  public RunGrantPeerRpc(String target, ServiceToken token) {
    this.channel = Peers.channel(target);
    this.token = token;
  }

  @Override
  public Optional<RunGrant> find(UUID tenantId, UUID runId, long leaseEpoch) {
    var request =
        GetRunGrantRequest.newBuilder()
            .setTenantId(tenantId.toString())
            .setRunId(runId.toString())
            .setLeaseEpoch(leaseEpoch)
            .build();
    var deadline = deadline();
    var before = Context.ROOT.attach();
    try {
      return Optional.of(
          grant(
              token
                  .on(RunGrantServiceGrpc.newBlockingStub(channel))
                  .withDeadline(deadline)
                  .getRunGrant(request)));
    } catch (StatusRuntimeException failed) {
      var code = failed.getStatus().getCode();
      if (code == Code.FAILED_PRECONDITION || code == Code.NOT_FOUND) {
        return Optional.empty();
      }
      if (code == Code.UNAUTHENTICATED) {
        token.drop();
      }
      LOG.warn(
          "agent-run-service does not say what run {} may use: {} {}",
          runId,
          code,
          failed.getStatus().getDescription());
      throw new Problem.Unavailable("agent-run-service", RETRY).raise();
    } finally {
      Context.ROOT.detach(before);
    }
  }

  private static Deadline deadline() {
    var own = Deadline.after(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
    var callers = Context.current().getDeadline();
    return callers == null ? own : own.minimum(callers);
  }

  private static RunGrant grant(dev.agentserver.agentrun.v1.RunGrant grant) {
    return new RunGrant(
        UUID.fromString(grant.getUserId()),
        Set.copyOf(grant.getProviderNamesList()),
        ids(grant.getIntegrationIdsList()),
        ids(grant.getToolIdsList()));
  }

  private static Set<UUID> ids(List<String> texts) {
    return texts.stream().map(UUID::fromString).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
