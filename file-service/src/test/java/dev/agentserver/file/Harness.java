package dev.agentserver.file;

import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.scan.ScanConfig;
import dev.agentserver.file.sweep.Sweeper;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The service as tests start it: its own database, its own bucket of a real object store, real
/// tokens and every interceptor.
final class Harness implements AutoCloseable {
  private final TestDatabase database;
  private final boolean owner;
  private final WatchedStore store;
  private final FakeConversations conversations;
  private final FakeAgentRuns agentRuns;
  private final AtomicLong later = new AtomicLong();
  private final TestIdentity identity = new TestIdentity();
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final KitRuntime kit;
  private final TestServer server;
  private final DomainWiring domain;

  private Harness(
      TestDatabase database,
      boolean owner,
      WatchedStore store,
      FakeConversations conversations,
      FakeAgentRuns agentRuns,
      Map<String, String> variables) {
    this.database = database;
    this.owner = owner;
    this.store = store;
    this.conversations = conversations;
    this.agentRuns = agentRuns;
    var all = new HashMap<>(Map.of("PORT", "0", "ADMIN_PORT", "0"));
    all.putAll(variables);
    var environment = Environment.of(all);
    var config =
        new Config(
            ServerConfig.from(environment, "test", 0),
            0,
            database.config(),
            AccessConfig.from(Environment.of(Map.of())),
            LiveSettings.from(Environment.of(Map.of())),
            "static:127.0.0.1:1",
            "static:127.0.0.1:1",
            FileLimits.from(environment),
            environment.duration("UPLOAD_LEASE", Duration.ofMinutes(15)),
            Config.urlValidity(environment),
            environment.duration("HTTP_STALL", Duration.ofMinutes(2)),
            ScanConfig.from(environment));
    kit = KitRuntime.open(database.config(), Clock.systemUTC(), metrics, health);
    domain =
        DomainWiring.open(
            kit, config, store, conversations, agentRuns, () -> System.nanoTime() + later.get());
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    server = TestServer.start(config.server(), identity, kit.audit(), services);
  }

  static Harness start(String... variables) {
    return start(TestStore.config(), variables);
  }

  /// On another store than the one that all tests share.
  static Harness start(S3Config config, String... variables) {
    var all = new HashMap<String, String>();
    for (var i = 0; i < variables.length; i += 2) {
      all.put(variables[i], variables[i + 1]);
    }
    return new Harness(
        TestDatabase.fresh(Config.SCHEMA),
        true,
        new WatchedStore(config),
        new FakeConversations(),
        new FakeAgentRuns(),
        all);
  }

  /// Another process of the service on the same database and store.
  Harness beside() {
    return new Harness(
        database, false, store.beside(), conversations, agentRuns, Map.of("UPLOAD_LEASE", "1ms"));
  }

  Person person(Caller caller) {
    return Person.on(caller, channel(caller));
  }

  Person person(UUID tenant, String... roles) {
    return person(TestIdentity.user(tenant, roles));
  }

  Channel channel(@Nullable Caller caller) {
    return server.channel(caller);
  }

  WatchedStore store() {
    return store;
  }

  FakeConversations conversations() {
    return conversations;
  }

  FakeAgentRuns agentRuns() {
    return agentRuns;
  }

  /// Another service tells something.
  void apply(FactHandler handler, PulledFact fact) {
    kit.database()
        .write(
            db -> {
              handler.apply(db, fact);
              return true;
            });
  }

  /// Time passes.
  void later(Duration time) {
    later.addAndGet(time.toNanos());
  }

  DomainWiring domain() {
    return domain;
  }

  TestIdentity identity() {
    return identity;
  }

  Sweeper sweeper() {
    return domain.sweeper();
  }

  KitRuntime kit() {
    return kit;
  }

  /// Everything that the sweeper does.
  void sweep() {
    domain.sweeper().sweep();
    domain.sweeper().reconcile();
  }

  /// All uploads that are under way count as dead.
  void expireUploads() {
    sql("update blob set expires_at = now() - interval '1 second' where state = 'WRITING'");
  }

  void sql(String script) {
    database.sql(script);
  }

  List<String> column(String query) {
    return database.rows(query);
  }

  @Override
  public void close() {
    server.close();
    kit.close();
    store.close();
    health.close();
    metrics.close();
    identity.close();
    if (owner) {
      database.close();
    }
  }
}
