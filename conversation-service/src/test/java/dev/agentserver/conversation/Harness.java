package dev.agentserver.conversation;

import dev.agentserver.conversation.conversation.Trash;
import dev.agentserver.conversation.link.FilePeer;
import dev.agentserver.conversation.link.RunPeer;
import dev.agentserver.conversation.stream.StreamWiring;
import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Tally;
import dev.agentserver.kit.eventlog.EventLogLimits;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The service as tests start it: its own database, real tokens, every interceptor, no network.
public final class Harness implements AutoCloseable {
  private static final Duration LONG = Duration.ofHours(12);

  /// How soon things are looked at again without a reason.
  private enum Pace {
    /// Heartbeats are quick, so that tests that wait for one need not wait long.
    QUICK,
    /// Nothing happens by the passing of time: what is heard of was told.
    NEVER,
    /// Nothing is told by other processes: what is heard of was found by looking.
    DEAF,
    /// As quick, and a reader that falls behind by a few events is sent a snapshot; a writer that
    /// sends nothing is soon cut off.
    IMPATIENT
  }

  private final TestDatabase database;
  private final FakeRuns runs;
  private final FakeFiles files;
  private final Revocations revocations = new Revocations();
  private final boolean owner;
  private final TestIdentity identity = new TestIdentity();
  private final MovableClock clock = new MovableClock(Instant.now());
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final KitRuntime kit;
  private final TestServer server;
  private final LiveSettings live = LiveSettings.from(Environment.of(Map.of()));
  private final DomainWiring domain;

  private Harness(
      TestDatabase database,
      boolean owner,
      Pace pace,
      FakeRuns runs,
      RunPeer peer,
      FakeFiles files,
      @Nullable FilePeer filePeer,
      DatabaseConfig way) {
    this.database = database;
    this.runs = runs;
    this.files = files;
    this.owner = owner;
    var config = config(pace, way);
    kit = KitRuntime.open(way, Clock.systemUTC(), metrics, health);
    domain = DomainWiring.open(kit, config, peer, filePeer, revocations, metrics, clock);
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    server = TestServer.start(config.server(), identity, kit.audit(), services);
  }

  private static EventLogLimits limits(Pace pace) {
    var limits = EventLogLimits.defaults();
    return switch (pace) {
      case QUICK -> limits;
      case NEVER -> limits.withHealing(LONG);
      case DEAF -> limits.withoutDoorbell();
      case IMPATIENT -> limits.withMaxLag(10).withPage(4);
    };
  }

  private Config config(Pace pace, DatabaseConfig way) {
    var heartbeat = pace == Pace.NEVER ? "12h" : "200ms";
    var stall = pace == Pace.IMPATIENT ? "500ms" : "30m";
    var environment =
        Environment.of(
            Map.of(
                "PORT",
                "0",
                "ADMIN_PORT",
                "0",
                "STREAM_HEARTBEAT",
                heartbeat,
                "STREAM_STALL",
                stall));
    return new Config(
        ServerConfig.from(environment, "test", 0),
        way,
        AccessConfig.from(Environment.of(Map.of())),
        limits(pace),
        live,
        "static:127.0.0.1:1",
        "",
        pace == Pace.NEVER ? LONG : Duration.ofMinutes(1));
  }

  /// What agent-run-service knows, for these tests.
  public FakeRuns runs() {
    return runs;
  }

  /// What file-service knows, for these tests.
  public FakeFiles files() {
    return files;
  }

  /// The service's own database.
  public Database kitDatabase() {
    return kit.database();
  }

  static Harness start() {
    var runs = new FakeRuns();
    var files = new FakeFiles();
    var database = TestDatabase.fresh(Config.SCHEMA);
    return new Harness(database, true, Pace.QUICK, runs, runs, files, files, database.config());
  }

  private Harness beside(Pace pace) {
    return new Harness(database, false, pace, runs, runs, files, files, database.config());
  }

  /// The same, asking somebody else for files.
  ///
  /// @param peer null: there is no file-service
  public Harness besideAskingForFiles(@Nullable FilePeer peer) {
    return new Harness(database, false, Pace.QUICK, runs, runs, files, peer, database.config());
  }

  /// The same, on another way to the database.
  public Harness besideBy(DatabaseConfig way, FilePeer peer) {
    return new Harness(database, false, Pace.DEAF, runs, runs, files, peer, way);
  }

  /// The same, asking somebody else for runs.
  public Harness besideAsking(RunPeer peer) {
    return new Harness(database, false, Pace.QUICK, runs, peer, files, files, database.config());
  }

  /// Another process of the service on the same database.
  public Harness beside() {
    return beside(Pace.QUICK);
  }

  /// The same, but nothing happens there by the passing of time.
  public Harness besideWithoutTime() {
    return beside(Pace.NEVER);
  }

  /// The same, but it neither tells other processes of events nor hears of theirs.
  public Harness besideWithoutBell() {
    return beside(Pace.DEAF);
  }

  /// The same, but readers may fall behind by a few events only, and writers not pause.
  public Harness besideWithoutPatience() {
    return beside(Pace.IMPATIENT);
  }

  public Person person(UUID tenant, String... roles) {
    var caller = caller(tenant, roles);
    return person(caller);
  }

  /// Somebody who may be known to other processes too.
  public Person person(Caller caller) {
    return Person.on(caller, channel(caller));
  }

  public Caller caller(UUID tenant, String... roles) {
    return TestIdentity.user(tenant, roles);
  }

  Caller servicePrincipal() {
    return TestIdentity.service();
  }

  /// To call as nobody.
  public Channel anonymous() {
    return channel(null);
  }

  Channel channel(@Nullable Caller caller) {
    return server.channel(caller);
  }

  /// Has content rules be what settings-service says.
  public void contentRules(String rules) {
    live.config().take(1, Map.of("conversation.content_rules", rules));
  }

  /// What this service has counted.
  public String metrics() {
    return metrics.scrape();
  }

  /// Erases a user, or, where none is named, the tenant.
  public void erase(UUID tenant, @Nullable UUID user) {
    var step = domain.eraser().begin(new Erased(tenant, UUID.randomUUID(), user));
    var more = true;
    while (more) {
      more = kit.database().write(db -> step.next(db, new Tally()));
    }
  }

  /// Whether an erasure leaves rows of the tenant for now.
  public boolean keeps(UUID tenant) {
    var whom = new Erased(tenant, UUID.randomUUID(), null);
    return kit.database().read(db -> domain.eraser().keeps(db, whom));
  }

  /// What this service has heard of being revoked.
  public Revocations revocations() {
    return revocations;
  }

  public Trash trash() {
    return domain.trash();
  }

  public StreamWiring streams() {
    return domain.streams();
  }

  /// Those who follow a conversation here now, or wait for its next event.
  public int openWatches() {
    return (int) metrics.registry().get("agentserver_events_watchers").gauge().value();
  }

  /// The bytes that writers have sent and that are not written.
  public int unwrittenBytes() {
    return (int) metrics.registry().get("agentserver_group_waiting_bytes").gauge().value();
  }

  /// The transactions that wait for a row that another one holds.
  public int blocked() {
    return Integer.parseInt(
        column(
                "select count(*) from pg_stat_activity"
                    + " where wait_event_type = 'Lock' and datname = current_database()")
            .getFirst());
  }

  /// The time by which tokens expire for open streams.
  public MovableClock clock() {
    return clock;
  }

  /// A connection of somebody else's, who may stand in the way.
  public Connection stranger() throws SQLException {
    return database.superuser();
  }

  /// What happened to these messages was long ago: their pieces are removed.
  public void aMonthLater(String conversationId) {
    sql(
        "update message_stream set ended_at = ended_at - interval '1 month' where conversation_id = '%s'"
            .formatted(conversationId));
    domain.streams().compact();
  }

  /// Nothing is heard of the message's writer for a long time.
  public void loseWriter(String messageId) {
    sql(
        "update message_stream set writer_expires_at = now() - interval '1 second' where message_id = '%s'"
            .formatted(messageId));
    domain.streams().sweepWriters();
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

  /// The database, and a way to it that counts its own statements only.
  public TestDatabase database() {
    return database;
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
    if (owner) {
      database.close();
    }
  }
}
