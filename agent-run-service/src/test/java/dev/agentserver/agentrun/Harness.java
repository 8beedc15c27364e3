package dev.agentserver.agentrun;

import dev.agentserver.agentrun.event.EventWiring;
import dev.agentserver.agentrun.link.ConversationFacts;
import dev.agentserver.agentrun.session.drive.SessionRuns;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Tally;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.PulledFact;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.test.MovableClock;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The service as tests start it: its own database, real tokens, every interceptor, no network.
public final class Harness implements AutoCloseable {
  private final TestDatabase database = TestDatabase.fresh(Config.SCHEMA);
  private final TestIdentity identity = new TestIdentity();
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final Revocations revocations = new Revocations();
  private final MovableClock clock = new MovableClock(Instant.now());
  private final FakeConversations conversations = new FakeConversations();
  private final FakeFiles files = new FakeFiles();
  private final Path root = root();
  private final KitRuntime kit;
  private final FakeSettings settings = FakeSettings.start();
  private final ManagedChannel settingsChannel = Peers.channel(settings.target());
  private final TestServer server;
  private final DomainWiring domain;

  private Harness(EventLogLimits events, Map<String, String> variables) {
    var all = new HashMap<>(Map.of("PORT", "0", "ADMIN_PORT", "0", "STREAM_HEARTBEAT", "200ms"));
    all.putAll(variables);
    var environment = Environment.of(all);
    var config =
        new Config(
            ServerConfig.from(environment, "test", 0),
            database.config(),
            AccessConfig.from(Environment.of(Map.of())),
            events,
            LiveSettings.from(Environment.of(variables)),
            "static:127.0.0.1:1",
            "",
            List.of(root));
    kit = KitRuntime.open(database.config(), Clock.systemUTC(), metrics, health);
    domain =
        DomainWiring.open(
            kit,
            config,
            settingsChannel,
            Optional.empty(),
            conversations,
            files,
            revocations,
            metrics,
            clock);
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    server = TestServer.start(config.server(), identity, kit.audit(), services);
  }

  private static Path root() {
    try {
      return Files.createTempDirectory("agentrun").toRealPath();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// A conversation of whoever asks for it.
  public UUID conversation() {
    return conversations.add();
  }

  /// What conversation-service knows, for these tests.
  public FakeConversations conversations() {
    return conversations;
  }

  /// What file-service knows, for these tests.
  public FakeFiles files() {
    return files;
  }

  /// The directory that may be looked at.
  public Path directory() {
    return root;
  }

  /// What runs do to their session.
  public SessionRuns runs() {
    return domain.sessions().runs();
  }

  /// Ends the sessions whose time is over.
  public int expire() {
    return domain.sessions().driving().expire();
  }

  /// Removes the events of applications that were kept long enough.
  public int sweepAnalytics() {
    return domain.analytics().analytics().sweep();
  }

  /// Loads the prices that come with the suite.
  public void loadPrices() {
    domain.prices().builtIn().load();
  }

  /// Prices usage that had no price; returns how many events.
  public int priceUsage() {
    return domain.ledger().price();
  }

  /// Does something in a transaction.
  public <T> T write(Function<DSLContext, T> work) {
    return kit.database().write(work);
  }

  /// Takes a fact of conversation-service.
  public void hear(PulledFact fact) {
    var facts =
        new ConversationFacts(domain.runs().ofConversations(), domain.ledger().messages()::record);
    facts.prepare(List.of(fact));
    write(
        db -> {
          facts.apply(db, fact);
          return true;
        });
  }

  /// Carries out an erasure, and returns how many rows are left.
  public long erase(Erased whom) {
    var steps = domain.eraser().begin(whom);
    while (write(db -> steps.next(db, new Tally()))) {}
    return domain.rows().tables().stream()
        .mapToLong(
            table ->
                kit.database()
                    .read(db -> domain.rows().remaining(db, table, whom.tenantId(), whom.userId())))
        .sum();
  }

  public static Harness start() {
    return start(EventLogLimits.defaults());
  }

  /// One whose event log has other limits.
  public static Harness start(EventLogLimits events) {
    return new Harness(events, Map.of());
  }

  /// @param variables of the environment
  public static Harness start(Map<String, String> variables) {
    return new Harness(EventLogLimits.defaults(), variables);
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

  /// How its database is reached.
  public DatabaseConfig config() {
    return database.config();
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
