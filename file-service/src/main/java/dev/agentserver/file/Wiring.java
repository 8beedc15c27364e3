package dev.agentserver.file;

import dev.agentserver.file.http.FileServer;
import dev.agentserver.file.link.AgentRunFacts;
import dev.agentserver.file.link.AgentRunPeerRpc;
import dev.agentserver.file.link.ConversationFacts;
import dev.agentserver.file.link.ConversationPeerRpc;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.erasure.ErasureLimits;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.OutboxConsumer;
import dev.agentserver.kit.outbox.OutboxPeerRpc;
import dev.agentserver.kit.service.AccessRuntime;
import dev.agentserver.kit.service.ErasureRuntime;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import io.grpc.ManagedChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service: every object it is made of, in order. Closing goes the other way round.
public final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
  private static final String CONVERSATIONS = "conversation-service";
  private static final String AGENT_RUNS = "agent-run-service";
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final Duration RECONCILE_INTERVAL = Duration.ofHours(1);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Health health = open(new Health());
  private int port;
  private int httpPort;
  private int adminPort;

  private Wiring() {}

  private void serve(Config config, ObjectStore objects) {
    health.starting();
    var clock = Clock.systemUTC();
    var metrics = open(new Metrics(Config.NAME));
    var kit = open(KitRuntime.open(config.database(), clock, metrics, health));
    var store = new StoreCheck(objects, health::draining);
    health.register("object-store", store);
    health.warn("object_store_fault", store::fault);
    var access = open(AccessRuntime.open(config.access(), clock));
    var conversations = peer(config.conversationTarget());
    var agentRuns = peer(config.agentRunTarget());
    var domain =
        DomainWiring.open(
            kit,
            config,
            objects,
            new ConversationPeerRpc(conversations),
            new AgentRunPeerRpc(agentRuns),
            System::nanoTime);
    access.follow(Config.NAME, config.live().config());
    open(Periodic.start("file-sweeper", SWEEP_INTERVAL, domain.sweeper()::sweep));
    open(Periodic.start("file-reconciler", RECONCILE_INTERVAL, domain.sweeper()::reconcile));
    access
        .serviceToken()
        .ifPresent(
            token -> {
              var ofConversations = new ConversationFacts(domain.learned());
              follow(kit, CONVERSATIONS, conversations, token, ofConversations, metrics);
              var ofAgentRuns = new AgentRunFacts(domain.learned());
              follow(kit, AGENT_RUNS, agentRuns, token, ofAgentRuns, metrics);
            });
    access.settings().ifPresent(settings -> open(erasures(kit, settings, domain, metrics)));
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    var server = config.server();
    adminPort = open(AdminHttp.start(server.host(), server.adminPort(), metrics, health)).port();
    httpPort =
        open(FileServer.start(
                server,
                config.httpPort(),
                config.stall(),
                domain.uploads(),
                domain.resumables(),
                domain.files(),
                access.verifier(),
                kit.audit(),
                metrics.registry()))
            .port();
    port =
        open(GrpcServer.start(server, access.verifier(), kit.audit(), metrics, health, services))
            .port();
    health.started();
  }

  private ManagedChannel peer(String target) {
    var channel = Peers.channel(target);
    open(channel::shutdownNow);
    return channel;
  }

  /// Hears what uses files, and what does no more.
  private void follow(
      KitRuntime kit,
      String service,
      ManagedChannel channel,
      ServiceToken token,
      FactHandler handler,
      Metrics metrics) {
    var facts = new OutboxPeerRpc(new ServicePeer(channel, token), Config.NAME);
    var consumer = open(OutboxConsumer.start(kit.database(), service, facts, handler, metrics));
    open(Periodic.start("applied-facts-of-" + service, RECONCILE_INTERVAL, consumer::sweep));
  }

  private static ErasureRuntime erasures(
      KitRuntime kit, ServicePeer settings, DomainWiring domain, Metrics metrics) {
    return ErasureRuntime.open(
        kit,
        settings,
        Config.NAME,
        domain.rows(),
        domain.eraser(),
        ErasureLimits.defaults(),
        metrics);
  }

  /// Migrates the schema and serves. Fails where PostgreSQL does not answer, a migration was
  /// changed or a port is taken; nothing is left open then.
  ///
  /// @param objects closed with the service
  public static Wiring start(Config config, ObjectStore objects) {
    var wiring = new Wiring();
    try {
      wiring.open(objects);
      Migrations.migrate(config.database());
      wiring.serve(config, objects);
      return wiring;
    } catch (RuntimeException failure) {
      wiring.close();
      throw failure;
    }
  }

  /// The gRPC port.
  public int port() {
    return port;
  }

  /// The port of what is spoken by HTTP.
  public int httpPort() {
    return httpPort;
  }

  /// The port of metrics and health.
  public int adminPort() {
    return adminPort;
  }

  /// Waits until [#close] is done.
  public void awaitClose() throws InterruptedException {
    closed.await();
  }

  /// Says that it is going, lets running calls finish, and closes what was opened, last first.
  @Override
  public void close() {
    health.drain();
    while (!opened.isEmpty()) {
      var next = opened.pop();
      try {
        next.close();
      } catch (Exception failure) {
        LOG.warn("{} did not close cleanly", next.getClass().getSimpleName(), failure);
      }
    }
    closed.countDown();
  }

  private <T extends AutoCloseable> T open(T part) {
    opened.push(part);
    return part;
  }
}
