package dev.agentserver.agentrun;

import dev.agentserver.agentrun.agent.DeletedAgents;
import dev.agentserver.agentrun.link.FilePeer;
import dev.agentserver.agentrun.link.FilePeerRpc;
import dev.agentserver.agentrun.link.LinkWiring;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.erasure.ErasureLimits;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.AccessRuntime;
import dev.agentserver.kit.service.ErasureRuntime;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service: every object it is made of, in order. Closing goes the other way round.
public final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private static final Duration RUNS_INTERVAL = Duration.ofSeconds(1);
  private static final Duration BUDGETS_INTERVAL = Duration.ofSeconds(5);
  private static final Duration PRICES_INTERVAL = Duration.ofSeconds(30);
  private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(1);
  private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Health health = open(new Health());
  private int port;
  private int adminPort;

  private Wiring() {}

  private void serve(Config config) {
    health.starting();
    var clock = Clock.systemUTC();
    var metrics = open(new Metrics(Config.NAME));
    var kit = open(KitRuntime.open(config.database(), clock, metrics, health));
    var access = open(AccessRuntime.open(config.access(), clock));
    var links = open(new LinkWiring(config.conversationTarget()));
    var files = files(config.fileTarget());
    var domain =
        open(
            DomainWiring.open(
                kit,
                config,
                access.channel(),
                access.settings(),
                links.conversations(),
                files,
                access.revocations(),
                metrics,
                clock));
    domain.prices().builtIn().load();
    open(Periodic.start("runs", RUNS_INTERVAL, domain.runs()::sweep));
    open(Periodic.start("budgets", BUDGETS_INTERVAL, domain.ledger()::sweep));
    open(Periodic.start("unpriced-usage", PRICES_INTERVAL, domain.ledger()::price));
    access.follow(Config.NAME, config.live().config());
    open(
        Periodic.start("deleted-agents", PURGE_INTERVAL, new DeletedAgents(kit.database())::purge));
    open(Periodic.start("old-analytics", PURGE_INTERVAL, domain.analytics().analytics()::sweep));
    open(Periodic.start("ended-sessions", RUNS_INTERVAL, domain.sessions().driving()::endRuns));
    open(Periodic.start("idle-sessions", EXPIRY_INTERVAL, domain.sessions().driving()::expire));
    access.settings().ifPresent(settings -> open(erasures(kit, settings, domain, metrics)));
    access
        .serviceToken()
        .ifPresent(
            token ->
                open(
                    links.follow(
                        kit.database(),
                        token,
                        Config.NAME,
                        domain.runs().ofConversations(),
                        domain.links(),
                        domain.ledger().messages()::record,
                        metrics)));
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    var host = config.server().host();
    adminPort = open(AdminHttp.start(host, config.server().adminPort(), metrics, health)).port();
    port =
        open(GrpcServer.start(
                config.server(), access.verifier(), kit.audit(), metrics, health, services))
            .port();
    health.started();
  }

  private @Nullable FilePeer files(String target) {
    if (target.isEmpty()) {
      return null;
    }
    var channel = Peers.channel(target);
    open(channel::shutdownNow);
    return new FilePeerRpc(channel);
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
  public static Wiring start(Config config) {
    Migrations.migrate(config.database());
    var wiring = new Wiring();
    try {
      wiring.serve(config);
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
