package dev.agentserver.agentrun;

import dev.agentserver.agentrun.event.EventWiring;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.test.MovableClock;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ServiceDescriptor;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The service as tests start it: its own database, real tokens, every interceptor, no network.
public final class Harness implements AutoCloseable {
  private final TestDatabase database = TestDatabase.fresh(Config.SCHEMA);
  private final TestIdentity identity = new TestIdentity();
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final Revocations revocations = new Revocations();
  private final MovableClock clock = new MovableClock(Instant.now());
  private final KitRuntime kit;
  private final FakeSettings settings = FakeSettings.start();
  private final ManagedChannel settingsChannel = Peers.channel(settings.target());
  private final TestServer server;
  private final DomainWiring domain;

  private Harness(EventLogLimits events, Map<String, String> live) {
    var environment =
        Environment.of(Map.of("PORT", "0", "ADMIN_PORT", "0", "STREAM_HEARTBEAT", "200ms"));
    var config =
        new Config(
            ServerConfig.from(environment, "test", 0),
            database.config(),
            AccessConfig.from(Environment.of(Map.of())),
            events,
            LiveSettings.from(Environment.of(live)));
    kit = KitRuntime.open(database.config(), Clock.systemUTC(), metrics, health);
    domain =
        DomainWiring.open(
            kit, config, settingsChannel, Optional.empty(), revocations, metrics, clock);
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    server = TestServer.start(config.server(), identity, kit.audit(), services);
  }

  public static Harness start() {
    return start(EventLogLimits.defaults());
  }

  /// One whose event log has other limits.
  public static Harness start(EventLogLimits events) {
    return new Harness(events, Map.of());
  }

  /// @param live variables of the environment, for what can be changed while the process runs
  public static Harness start(Map<String, String> live) {
    return new Harness(EventLogLimits.defaults(), live);
  }

  /// What this service has heard of being revoked.
  public Revocations revocations() {
    return revocations;
  }

  /// The time by which tokens expire for open streams.
  public MovableClock clock() {
    return clock;
  }

  /// What writes and delivers events.
  public EventWiring events() {
    return domain.events();
  }

  public Caller caller(UUID tenant, String... roles) {
    return TestIdentity.user(tenant, roles);
  }

  public Caller servicePrincipal() {
    return TestIdentity.service();
  }

  /// The service, for somebody; for nobody where there is none.
  public Channel channel(@Nullable Caller caller) {
    return server.channel(caller);
  }

  /// What settings-service knows, for these tests.
  public FakeSettings settings() {
    return settings;
  }

  public Database database() {
    return kit.database();
  }

  public void sql(String script) {
    database.sql(script);
  }

  public List<String> column(String query) {
    return database.rows(query);
  }

  /// Everything that is served.
  public List<ServiceDescriptor> services() {
    return Stream.concat(domain.services().stream(), kit.services().stream())
        .map(one -> one.bindService().getServiceDescriptor())
        .toList();
  }

  /// How many statements a piece of work takes.
  public int statements(Runnable work) {
    var before = kit.database().slowQueries().calls();
    work.run();
    return Math.toIntExact(kit.database().slowQueries().calls() - before);
  }

  @Override
  public void close() {
    server.close();
    domain.close();
    kit.close();
    settingsChannel.shutdownNow();
    settings.close();
    health.close();
    metrics.close();
    identity.close();
    database.close();
  }
}
