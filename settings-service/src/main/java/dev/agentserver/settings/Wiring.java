package dev.agentserver.settings;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.settings.bootstrap.Bootstrap;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service: every object it is made of, in order. Closing goes the other way round.
public final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Health health = open(new Health());
  private Bootstrap bootstrap;
  private int port;
  private int adminPort;
  private int httpPort;
  private int guestPort = -1;

  private Wiring() {}

  private void serve(Config config) {
    health.starting();
    var clock = Clock.systemUTC();
    var metrics = open(new Metrics(Config.NAME));
    var kit = open(KitRuntime.open(config.database(), clock, metrics, health));
    var domain = open(DomainWiring.open(kit, config, metrics, clock));
    health.warn("secrets", domain.secrets().keys()::warning);
    var verifier = open(domain.verifier(clock));
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    services.add(domain.authorization(verifier, kit.audit()));
    bootstrap = BootstrapWiring.on(kit.database(), config);
    var host = config.server().host();
    adminPort = open(AdminHttp.start(host, config.server().adminPort(), metrics, health)).port();
    port =
        open(GrpcServer.start(config.server(), verifier, kit.audit(), metrics, health, services))
            .port();
    httpPort = open(domain.ofrep(config, verifier, kit.audit(), metrics)).port();
    config
        .flags()
        .guestKey()
        .ifPresent(
            key -> guestPort = open(guests(config, key, domain, verifier, kit, metrics)).port());
    health.started();
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

  /// Makes what there must be before anybody can ask for anything.
  public Bootstrap bootstrap() {
    return bootstrap;
  }

  /// The gRPC port.
  public int port() {
    return port;
  }

  private GrpcServer guests(
      Config config,
      Secret key,
      DomainWiring domain,
      TokenVerifier verifier,
      KitRuntime kit,
      Metrics metrics) {
    return GrpcServer.forGuests(
        config.server().withPort(config.flags().guestPort()),
        key,
        verifier,
        kit.audit(),
        metrics,
        health,
        domain.flags().flagd());
  }

  /// The port of what is served by HTTP.
  public int httpPort() {
    return httpPort;
  }

  /// The port of flagd's protocol for clients without a credential; -1: there is none.
  public int guestPort() {
    return guestPort;
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
