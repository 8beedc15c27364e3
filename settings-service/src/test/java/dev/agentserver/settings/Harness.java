package dev.agentserver.settings;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import dev.agentserver.settings.credential.Credentials;
import io.grpc.Channel;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The service as tests start it: its own database, real tokens, every interceptor, no network.
public final class Harness implements AutoCloseable {
  /// 32 bytes, as a key must be.
  private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  private final TestDatabase database;
  private final boolean ownDatabase;
  private final TestIdentity identity = new TestIdentity();
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final KitRuntime kit;
  private final TestServer server;
  private final DomainWiring domain;

  private Harness(TestDatabase database, boolean ownDatabase, Map<String, String> variables) {
    this.database = database;
    this.ownDatabase = ownDatabase;
    kit = KitRuntime.open(database.config(), Clock.systemUTC(), metrics, health);
    var config = config(variables);
    domain = DomainWiring.open(kit, config, metrics, Clock.systemUTC());
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    server = TestServer.start(config.server(), identity, kit.audit(), services);
  }

  private static Config config(Map<String, String> variables) {
    var all = new HashMap<>(Map.of("PORT", "0", "ADMIN_PORT", "0"));
    all.put("SETTINGS_KEY", KEY);
    all.put("KEY_PEPPER", KEY);
    all.putAll(variables);
    return Config.from(Environment.of(all));
  }

  /// @param variables of the process, beside those every test has
  static Harness start(Map<String, String> variables) {
    return new Harness(TestDatabase.fresh(Config.SCHEMA), true, variables);
  }

  /// Another process of the service on the same database.
  public Harness replica(Map<String, String> variables) {
    return new Harness(database, false, variables);
  }

  /// A user of the tenant with built-in roles; both are made where they are not there yet.
  public Person person(UUID tenant, String... roles) {
    return register(TestIdentity.user(tenant, roles));
  }

  /// The user that this caller is, made with its roles.
  public Person register(Caller caller) {
    tenant(caller.tenantId(), caller.roles().contains("PLATFORM_ADMIN"));
    sql(
        """
        insert into user_account (tenant_id, user_id, kind, name, state, version, created_at, updated_at)
        values ('%s', '%s', 'HUMAN', '', 'ACTIVE', 1, clock_timestamp(), clock_timestamp())
        """
            .formatted(caller.tenantId(), caller.principalId()));
    for (var role : caller.roles()) {
      sql(
          "insert into user_role (tenant_id, user_id, role_name) values ('%s', '%s', '%s')"
              .formatted(caller.tenantId(), caller.principalId(), role));
    }
    return as(caller);
  }

  /// Somebody with a valid token whom the service has never heard of.
  public Person stranger(UUID tenant, String... roles) {
    return as(TestIdentity.user(tenant, roles));
  }

  /// Calls with a token of this caller.
  public Person as(Caller caller) {
    return Person.on(caller, channel(caller));
  }

  private void tenant(UUID tenant, boolean platform) {
    sql(
        """
        insert into organization (tenant_id, name, platform, version, created_at, updated_at)
        values ('%s', 'test', %s, 1, clock_timestamp(), clock_timestamp())
        on conflict do nothing
        """
            .formatted(tenant, platform));
  }

  public static Caller servicePrincipal() {
    return TestIdentity.service();
  }

  public Channel channel(@Nullable Caller caller) {
    return server.channel(caller);
  }

  public void sql(String script) {
    database.sql(script);
  }

  public List<String> column(String query) {
    return database.rows(query);
  }

  /// What other parts of the service read secrets by.
  public Credentials credentials() {
    return domain.secrets().credentials();
  }

  /// What health says of secrets; empty where all is well.
  public String warning() {
    domain.secrets().keys().refresh();
    return domain.secrets().keys().warning().orElse("");
  }

  /// Brings everything under the newest master key.
  public void rewrap() {
    sql(
        "insert into rewrap values (gen_random_uuid(), 'RUNNING', 0, 0, now(), now(), '"
            + domain.secrets().keyring().primary().id()
            + "')");
    Await.until(
        "it is done", () -> column("select 1 from rewrap where state = 'RUNNING'").isEmpty());
  }

  /// The metrics, as Prometheus reads them.
  public String metrics() {
    return metrics.scrape();
  }

  /// Where the database is.
  public DatabaseConfig databaseConfig() {
    return database.config();
  }

  /// A connection as the superuser, for the caller to close.
  public Connection superuser() throws SQLException {
    return database.superuser();
  }

  /// How many statements the service ran; background work counts too.
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
    if (ownDatabase) {
      database.close();
    }
  }
}
