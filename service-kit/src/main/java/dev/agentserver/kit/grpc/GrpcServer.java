package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A service's gRPC server: a virtual thread a call, health, reflection, and every call through
/// envelope and gate.
public final class GrpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
  private static final Duration CUT = Duration.ofSeconds(5);
  private static final String MAIN = "main";
  private static final int MAX_METADATA_BYTES = 32 * 1024;

  private final Server server;
  private final Drain drain;
  private final HealthStatusManager healthService;
  private final Duration drainTimeout;
  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private final AtomicBoolean closed = new AtomicBoolean();

  private GrpcServer(Parts parts, Server server, Duration drainTimeout) {
    this.server = server;
    this.drain = parts.drain();
    this.healthService = parts.healthService();
    this.drainTimeout = drainTimeout;
    this.threads = parts.threads();
    this.timer = parts.timer();
  }

  private record Parts(
      Drain drain,
      HealthStatusManager healthService,
      ExecutorService threads,
      ScheduledExecutorService timer) {
    static Parts create() {
      return new Parts(
          new Drain(),
          new HealthStatusManager(),
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory()),
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("deadlines").factory()));
    }
  }

  /// Starts serving. Fails with IllegalStateException when a method lacks a policy, with
  /// UncheckedIOException when the port is taken.
  public static GrpcServer start(
      ServerConfig config,
      TokenVerifier verifier,
      RefusalSink refusals,
      Metrics metrics,
      Health health,
      List<? extends BindableService> services) {
    return start(MAIN, listener(config), config, verifier, refusals, metrics, health, services);
  }

  /// A listener for clients that cannot send a credential: they act by `guest`. Whoever reaches its
  /// port may do what that credential may.
  public static GrpcServer forGuests(
      ServerConfig config,
      Secret guest,
      TokenVerifier verifier,
      RefusalSink refusals,
      Metrics metrics,
      Health health,
      List<? extends BindableService> services) {
    var builder = listener(config).intercept(new GuestCredential(guest));
    return start("guests", builder, config, verifier, refusals, metrics, health, services);
  }

  private static ServerBuilder<?> listener(ServerConfig config) {
    return NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
        .permitKeepAliveTime(30, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxInboundMetadataSize(MAX_METADATA_BYTES)
        // Beyond our own bound, so that what is a little too large is refused with a reason.
        .maxInboundMessageSize(2 * config.maxInboundMessageBytes());
  }

  /// The same server without a network, for tests.
  public static GrpcServer inProcess(
      String name,
      ServerConfig config,
      TokenVerifier verifier,
      RefusalSink refusals,
      Metrics metrics,
      Health health,
      List<? extends BindableService> services) {
    var builder = InProcessServerBuilder.forName(name).maxInboundMetadataSize(MAX_METADATA_BYTES);
    return start(MAIN, builder, config, verifier, refusals, metrics, health, services);
  }

  private static GrpcServer start(
      String listener,
      ServerBuilder<?> builder,
      ServerConfig config,
      TokenVerifier verifier,
      RefusalSink refusals,
      Metrics metrics,
      Health health,
      List<? extends BindableService> services) {
    var parts = Parts.create();
    var envelope = new CallEnvelope(refusals, parts.drain(), config);
    var gate =
        new CallGate(config, verifier, new Admission(config, metrics, listener), parts.timer());
    var assembly = new Assembly(envelope, gate, metrics, listener);
    var definitions =
        services.stream().map(service -> assembly.guarded(service.bindService())).toList();
    builder
        .executor(parts.threads())
        .addServices(definitions)
        .addService(assembly.open(parts.healthService().getHealthService()))
        .addService(assembly.open(ProtoReflectionServiceV1.newInstance()))
        .fallbackHandlerRegistry(assembly.unknown());
    var started = new GrpcServer(parts, listen(builder.build(), config), config.drainTimeout());
    var names =
        definitions.stream()
            .map(definition -> definition.getServiceDescriptor().getName())
            .toList();
    health.listen(serving -> started.tell(names, serving));
    LOG.info("{} serves {} on port {}", config.name(), names, started.server.getPort());
    return started;
  }

  private static Server listen(Server server, ServerConfig config) {
    try {
      return server.start();
    } catch (IOException taken) {
      throw new UncheckedIOException(
          "port %d of %s cannot be listened on: %s"
              .formatted(config.port(), config.host(), reason(taken)),
          taken);
    }
  }

  /// What the system said: the library wraps it.
  private static String reason(IOException taken) {
    return String.valueOf((taken.getCause() == null ? taken : taken.getCause()).getMessage());
  }

  /// The port listened on; -1 without a network.
  public int port() {
    return server.getPort();
  }

  private void tell(List<String> services, boolean serving) {
    var status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    healthService.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> healthService.setStatus(service, status));
  }

  /// Drains: says NOT_SERVING, takes no more calls, lets those that run finish within the drain
  /// timeout, cuts the rest.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    healthService.enterTerminalState();
    server.shutdown();
    drain.begin();
    if (!ended(drainTimeout)) {
      LOG.warn("calls are still running after {}: they are cut", drainTimeout);
      drain.cut();
      server.shutdownNow();
      if (!ended(CUT)) {
        LOG.error("the server did not end within {} of being cut", CUT);
      }
    }
    // Handlers of calls that were cancelled may still be on their way out.
    drain.cut();
    threads.shutdownNow();
    timer.shutdownNow();
  }

  private boolean ended(Duration patience) {
    try {
      return server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
