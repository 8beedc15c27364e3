package dev.agentserver.conversation;

import dev.agentserver.conversation.conversation.Trash;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The service as tests start it: its own database, real tokens, every interceptor, no network.
public final class Harness implements AutoCloseable {
  private final TestDatabase database;
  private final Revocations revocations = new Revocations();
  private final TestIdentity identity = new TestIdentity();
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final KitRuntime kit;
  private final TestServer server;
  private final DomainWiring domain;

  private Harness() {
    database = TestDatabase.fresh(Config.SCHEMA);
    kit = KitRuntime.open(database.config(), Clock.systemUTC(), metrics, health);
    domain =
        DomainWiring.open(
            kit,
            new Config(
                server(),
                database.config(),
                AccessConfig.from(Environment.of(Map.of())),
                Duration.ofDays(30),
                Duration.ofMinutes(1),
                Duration.ofMinutes(10)),
            EventLogLimits.defaults(),
            revocations,
            metrics,
            Clock.systemUTC());
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    server = TestServer.start(server(), identity, kit.audit(), services);
  }

  /// Heartbeats are quick, so that tests that wait for one need not wait long.
  private static ServerConfig server() {
    return ServerConfig.from(
        Environment.of(Map.of("PORT", "0", "ADMIN_PORT", "0", "STREAM_HEARTBEAT", "200ms")),
        "test",
        0);
  }

  static Harness start() {
    return new Harness();
  }

  public Person person(UUID tenant, String... roles) {
    var caller = caller(tenant, roles);
    return Person.on(caller, channel(caller));
  }

  public Caller caller(UUID tenant, String... roles) {
    return TestIdentity.user(tenant, roles);
  }

  Caller servicePrincipal() {
    return TestIdentity.service();
  }

  Channel channel(@Nullable Caller caller) {
    return server.channel(caller);
  }

  /// What this service has heard of being revoked.
  public Revocations revocations() {
    return revocations;
  }

  public Trash trash() {
    return domain.trash();
  }

  public void join(String conversationId, UUID tenant, Person person, String role) {
    join(conversationId, tenant, person.caller().principalId(), role);
  }

  /// Makes somebody a member.
  public void join(String conversationId, UUID tenant, UUID user, String role) {
    sql(
        "insert into conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at) values ('%s', '%s', '%s', '%s', now(), clock_timestamp())"
            .formatted(tenant, conversationId, user, role));
  }

  public void sql(String script) {
    database.sql(script);
  }

  public List<String> column(String query) {
    return database.rows(query);
  }

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
    health.close();
    metrics.close();
    identity.close();
    database.close();
  }
}
