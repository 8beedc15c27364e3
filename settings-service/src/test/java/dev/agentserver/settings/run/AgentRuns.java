package dev.agentserver.settings.run;

import dev.agentserver.agentrun.v1.GetRunGrantRequest;
import dev.agentserver.agentrun.v1.RunGrant;
import dev.agentserver.agentrun.v1.RunGrantServiceGrpc;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.service.AccessRuntime;
import dev.agentserver.settings.Live;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The part of agent-run-service that is asked here: a server of the kit behind a real socket that
/// verifies its callers by what settings-service publishes.
public final class AgentRuns implements BindableService, AutoCloseable {
  private final Map<String, RunGrant> live = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Caller> callers = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final GrpcServer server;
  private volatile boolean hanging;
  private @Nullable AccessRuntime access;

  public AgentRuns() {
    server =
        GrpcServer.start(
            ServerConfig.local("agent-run-service"),
            jwt -> access.verifier().verify(jwt),
            (_, _, _, _) -> {},
            metrics,
            health,
            List.of(this));
  }

  public String target() {
    return "static:127.0.0.1:" + server.port();
  }

  public void trust(Live settings) {
    access =
        AccessRuntime.open(
            AccessConfig.from(Environment.of(Map.of("ACCESS_TARGET", settings.target()))),
            settings.clock());
  }

  /// From now on the run has this lease and no other.
  public void lease(String tenantId, String runId, long epoch, RunGrant.Builder grant) {
    end(tenantId, runId);
    live.put(lease(tenantId, runId, epoch), grant.build());
  }

  /// From now on it has none.
  public void end(String tenantId, String runId) {
    live.keySet().removeIf(each -> each.startsWith(tenantId + " " + runId + " "));
  }

  /// Answers nothing any more.
  public void hang() {
    hanging = true;
  }

  /// Who has asked.
  public List<Caller> callers() {
    return List.copyOf(callers);
  }

  private static String lease(String tenantId, String runId, long epoch) {
    return tenantId + " " + runId + " " + epoch;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(RunGrantServiceGrpc.getServiceDescriptor())
        .unary(RunGrantServiceGrpc.getGetRunGrantMethod(), this::grant)
        .build();
  }

  private RunGrant grant(GetRunGrantRequest request) {
    callers.add(Callers.current());
    if (hanging) {
      awaitEnd();
    }
    var found = live.get(lease(request.getTenantId(), request.getRunId(), request.getLeaseEpoch()));
    if (found == null) {
      throw new Problem.Refused("LEASE_LOST", "lost", Map.of("id", request.getRunId())).raise();
    }
    return found;
  }

  private void awaitEnd() {
    try {
      closing.await();
    } catch (InterruptedException _) {
      throw new Cancelled();
    }
  }

  /// Is not there any more.
  public void stop() {
    closing.countDown();
    server.close();
  }

  @Override
  public void close() {
    stop();
    if (access != null) {
      access.close();
    }
    health.close();
    metrics.close();
  }
}
