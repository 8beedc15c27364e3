package dev.agentserver.conversation;

import dev.agentserver.conversation.index.Backlog;
import dev.agentserver.conversation.link.FileFacts;
import dev.agentserver.conversation.link.FilePeerRpc;
import dev.agentserver.conversation.link.RunPeerRpc;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.erasure.ErasureLimits;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service: every object it is made of, in order. Closing goes the other way round.
public final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
  private static final String FILES = "file-service";
  private static final Duration FACTS_INTERVAL = Duration.ofHours(1);
  private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);
  private static final Duration WRITERS_INTERVAL = Duration.ofSeconds(5);
  private static final Duration COMPACTION_INTERVAL = Duration.ofSeconds(30);
  private static final Duration BACKLOG_INTERVAL = Duration.ofSeconds(5);

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
    var runs = open(new RunPeerRpc(config.agentRunTarget()));
    var files = files(config.fileTarget());
    var domain =
        open(
            DomainWiring.open(
                kit,
                config,
                runs,
                files == null ? null : new FilePeerRpc(files),
                access.revocations(),
                metrics,
                clock));
    access.follow(Config.NAME, config.live().config());
    open(Periodic.start("trash", PURGE_INTERVAL, domain.trash()::purgeDue));
    open(Periodic.start("lost-writers", WRITERS_INTERVAL, domain.streams()::sweepWriters));
    open(Periodic.start("compaction", COMPACTION_INTERVAL, domain.streams()::compact));
    open(Periodic.start("search-backlog", BACKLOG_INTERVAL, new Backlog(kit.database())::work));
    access.settings().ifPresent(settings -> open(erasures(kit, settings, domain, metrics)));
    if (files != null) {
      access.serviceToken().ifPresent(token -> follow(kit, files, token, metrics));
    }
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

  private @Nullable ManagedChannel files(String target) {
    if (target.isEmpty()) {
      return null;
    }
    var channel = Peers.channel(target);
    open(channel::shutdownNow);
    return channel;
  }

  /// Hears of files that are deleted.
  private void follow(KitRuntime kit, ManagedChannel files, ServiceToken token, Metrics metrics) {
    var facts = new OutboxPeerRpc(new ServicePeer(files, token), Config.NAME);
    var consumer =
        open(OutboxConsumer.start(kit.database(), FILES, facts, new FileFacts(), metrics));
    open(Periodic.start("applied-file-facts", FACTS_INTERVAL, consumer::sweep));
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
