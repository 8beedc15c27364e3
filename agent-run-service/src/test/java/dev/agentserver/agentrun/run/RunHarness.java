package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.FakeConversations;
import dev.agentserver.agentrun.event.Events;
import dev.agentserver.agentrun.event.RunNewsFeed;
import dev.agentserver.agentrun.link.ConversationFacts;
import dev.agentserver.agentrun.link.ConversationLinks;
import dev.agentserver.agentrun.link.FileLinks;
import dev.agentserver.agentrun.session.SessionCore;
import dev.agentserver.agentrun.session.SessionWiring;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.PageSizes;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs as tests start them: a database of their own, real tokens, every interceptor, and a clock
/// that can be moved.
final class RunHarness implements AutoCloseable {
  private final TestDatabase database = TestDatabase.fresh("agent_run");
  private final TestIdentity identity = new TestIdentity();
  private final SettingsServer settings = new SettingsServer(identity);
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);
  private final KitRuntime kit =
      KitRuntime.open(database.config(), Clock.systemUTC(), metrics, health);
  private final Revocations revocations = new Revocations();
  private final MovableClock clock = new MovableClock(Instant.now());
  private final FakeConversations conversations = FakeConversations.open();
  private final ConversationLinks links;
  private final RunWiring runs;
  private final SessionWiring sessions;
  private final TestServer server;

  RunHarness() {
    var events = new Events(kit.ids(), (_, _, _) -> {});
    var pages = new PageSizes(() -> 50, () -> 200);
    links = new ConversationLinks(kit.database(), conversations);
    var core = SessionCore.open(kit, links, (_, _, _, _, _, _) -> {}, () -> Duration.ofDays(30));
    runs =
        new RunWiring(
            kit,
            new TokenPeerRpc(Optional.of(settings.settings())),
            new ToolPeerRpc(settings.channel()),
            new Standing(revocations, clock, Duration.ofMillis(200), Duration.ofHours(1)),
            core.runs(),
            links,
            new RunNewsFeed(events, kit.ids()),
            pages,
            RunLimits.defaults(),
            offset::get);
    var files = new FileLinks(null, kit.outbox());
    sessions = SessionWiring.open(kit, core, runs.open(), files, pages, List.of());
    var config =
        ServerConfig.from(
            Environment.of(Map.of("PORT", "0", "ADMIN_PORT", "0", "MAX_CONCURRENT_CALLS", "256")),
            "test",
            0);
    var services = new ArrayList<>(runs.services((_, _, _) -> {}));
    services.addAll(sessions.services());
    server = TestServer.start(config, identity, kit.audit(), services);
  }

  /// What conversation-service knows: whatever id is that of a conversation.
  FakeConversations conversations() {
    return conversations;
  }

  /// Forgets what was heard long ago.
  void forgetGone() {
    links.sweep();
  }

  /// Goes on ending the runs of sessions that have ended, and returns of how many.
  int endRuns() {
    return sessions.driving().endRuns();
  }

  /// Ends the sessions whose time is over.
  int expire() {
    return sessions.driving().expire();
  }

  /// Hears that a conversation was deleted.
  void deleted(Person person, UUID conversation) {
    kit.database()
        .write(
            db -> {
              new ConversationFacts(runs.ofConversations(), _ -> {})
                  .apply(db, deletion(person.caller().tenantId(), conversation));
              return true;
            });
  }

  private static PulledFact deletion(UUID tenant, UUID conversation) {
    return new PulledFact(
        UUID.randomUUID(),
        1,
        tenant,
        "conversation.deleted",
        conversation.toString(),
        Map.of(),
        Instant.now());
  }

  Person person(UUID tenant, String... roles) {
    return person(TestIdentity.user(tenant, roles));
  }

  Person person(Caller caller) {
    settings.knows(caller);
    return new Person(caller, server.channel(caller));
  }

  /// Whoever holds this token.
  Person bearer(String token) {
    return new Person(null, server.channelWithToken(token));
  }

  Channel channel(@Nullable Caller caller) {
    return server.channel(caller);
  }

  /// What settings-service knows.
  SettingsServer settings() {
    return settings;
  }

  /// What this service has heard of being revoked.
  Revocations revocations() {
    return revocations;
  }

  /// The time by which tokens expire for open streams.
  MovableClock clock() {
    return clock;
  }

  void suspend(Person person) {
    settings.suspend(person.caller());
  }

  /// An agent of somebody's, with tools.
  UUID agent(Person owner, Map<UUID, String> tools) {
    var tenant = owner.caller().tenantId();
    var agent = UUID.randomUUID();
    sql(
        """
        insert into agent (tenant_id, agent_id, owner_id, name, description, icon, category, goal, visibility, state,
          current_version, execution_count, metadata, version, created_at, updated_at)
        values ('%1$s', '%2$s', '%3$s', 'a', '', '', '', '', 'PRIVATE', 'ACTIVE', 1, 0, '{}', 1, now(), now());
        insert into agent_version (tenant_id, agent_id, version, model, provider, instructions, created_at)
        values ('%1$s', '%2$s', 1, '', '', '', now())"""
            .formatted(tenant, agent, owner.caller().principalId()));
    var position = 0;
    for (var tool : tools.entrySet()) {
      sql(
          """
          insert into agent_tool (tenant_id, agent_id, version, tool_id, position, is_enabled, permission, custom_config)
          values ('%s', '%s', 1, '%s', %d, true, '%s', '{}')"""
              .formatted(tenant, agent, tool.getKey(), position++, tool.getValue()));
    }
    return agent;
  }

  /// So much time passes, and what is due happens.
  void pass(Duration duration) {
    offset.updateAndGet(duration::plus);
    sweep();
  }

  void sweep() {
    for (var turn = 0; turn < 5 && runs.sweep() > 0; turn++) {
      // Until nothing is due.
    }
  }

  Database database() {
    return kit.database();
  }

  void sql(String script) {
    database.sql(script);
  }

  /// A connection of somebody else's, who may stand in the way.
  Connection stranger() throws SQLException {
    return database.superuser();
  }

  /// The transactions that wait for what another one holds.
  int blocked() {
    return Integer.parseInt(
        column(
                "select count(*) from pg_stat_activity"
                    + " where wait_event_type = 'Lock' and datname = current_database()")
            .getFirst());
  }

  List<String> column(String query) {
    return database.rows(query);
  }

  /// A connection as the superuser, for the caller to close.
  Connection superuser() throws SQLException {
    return database.superuser();
  }

  @Override
  public void close() {
    server.close();
    runs.close();
    settings.close();
    kit.close();
    health.close();
    metrics.close();
    identity.close();
    database.close();
  }
}
