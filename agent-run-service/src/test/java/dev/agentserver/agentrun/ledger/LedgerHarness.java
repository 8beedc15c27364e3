package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.FakeConversations;
import dev.agentserver.agentrun.event.Events;
import dev.agentserver.agentrun.event.RunNewsFeed;
import dev.agentserver.agentrun.link.ConversationLinks;
import dev.agentserver.agentrun.run.RunLimits;
import dev.agentserver.agentrun.run.RunWiring;
import dev.agentserver.agentrun.run.Standing;
import dev.agentserver.agentrun.run.Tokens;
import dev.agentserver.agentrun.session.SessionCore;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.normalize.Extractors;
import dev.agentserver.agentrun.usage.normalize.RawNormalizer;
import dev.agentserver.agentrun.v1.BudgetServiceGrpc;
import dev.agentserver.agentrun.v1.BudgetServiceGrpc.BudgetServiceBlockingStub;
import dev.agentserver.agentrun.v1.UsageQuantity;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.UsageServiceGrpc.UsageServiceBlockingStub;
import dev.agentserver.agentrun.v1.VerifyLedgerRequest;
import dev.agentserver.agentrun.v1.VerifyLedgerResponse;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc.WorkerServiceBlockingStub;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.PulledFact;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.test.MovableClock;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The ledger as tests start it: a database of its own, real tokens, every interceptor, and prices
/// that the test says.
final class LedgerHarness implements AutoCloseable {
  static final String MODEL = "gpt-4.1";

  private final TestDatabase database = TestDatabase.fresh("agent_run");
  private final TestIdentity identity = new TestIdentity();
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final Set<UUID> conversations = ConcurrentHashMap.newKeySet();
  private final MovableClock clock = new MovableClock(Instant.now());
  private final Prices prices = new Prices();
  private final KitRuntime kit =
      KitRuntime.open(database.config(), Clock.systemUTC(), metrics, health);
  private final RunWiring runs;
  private final LedgerWiring ledger;
  private final TestServer server;

  /// Somebody who calls.
  record Person(
      Caller caller,
      Channel channel,
      UsageServiceBlockingStub usage,
      BudgetServiceBlockingStub budgets,
      WorkerServiceBlockingStub work) {
    UUID tenant() {
      return caller.tenantId();
    }

    UUID id() {
      return caller.principalId();
    }

    VerifyLedgerResponse verify() {
      return usage.verifyLedger(VerifyLedgerRequest.getDefaultInstance());
    }
  }

  LedgerHarness() {
    var links = new ConversationLinks(kit.database(), FakeConversations.open());
    var core = SessionCore.open(kit, links, (_, _, _, _, _, _) -> {}, () -> Duration.ofDays(30));
    runs =
        new RunWiring(
            kit,
            _ -> new Tokens.Token("token", Instant.MAX),
            (_, _, _) -> List.of(),
            new Standing(new Revocations(), clock, Duration.ofSeconds(1), Duration.ofHours(1)),
            core.runs(),
            links,
            new RunNewsFeed(new Events(kit.ids(), (_, _, _) -> {}), kit.ids()),
            new PageSizes(() -> 50, () -> 200),
            RunLimits.defaults(),
            () -> Duration.ZERO);
    ledger =
        new LedgerWiring(
            kit,
            this::requireConversation,
            new RawNormalizer(Extractors.builtIn()),
            prices,
            runs.pauses(),
            new PageSizes(() -> 50, () -> 200),
            metrics,
            clock);
    var config =
        ServerConfig.from(
            Environment.of(Map.of("PORT", "0", "ADMIN_PORT", "0", "MAX_CONCURRENT_CALLS", "256")),
            "test",
            0);
    var services = new ArrayList<>(ledger.services());
    services.addAll(runs.services(ledger.steps()));
    server = TestServer.start(config, identity, kit.audit(), services);
    prices.set(MODEL, Unit.INPUT, "2").set(MODEL, Unit.OUTPUT, "8");
  }

  private void requireConversation(UUID id) {
    if (!conversations.contains(id)) {
      throw new Problem.NotFound("conversation", id.toString()).raise();
    }
  }

  /// A conversation that everybody sees.
  UUID conversation() {
    var id = UUID.randomUUID();
    conversations.add(id);
    return id;
  }

  /// The time by which budgets begin anew.
  MovableClock clock() {
    return clock;
  }

  /// Does what time brings for budgets.
  int sweep() {
    return ledger.sweep();
  }

  /// Hears what conversation-service tells of messages.
  void hear(PulledFact... facts) {
    ledger.messages().record(List.of(facts));
  }

  /// Prices what had no price.
  int price() {
    return ledger.price();
  }

  Prices prices() {
    return prices;
  }

  Person person(UUID tenant, String... roles) {
    return person(TestIdentity.user(tenant, roles));
  }

  Person person(Caller caller) {
    var channel = server.channel(caller);
    return new Person(
        caller,
        channel,
        UsageServiceGrpc.newBlockingStub(channel),
        BudgetServiceGrpc.newBlockingStub(channel),
        WorkerServiceGrpc.newBlockingStub(channel));
  }

  /// Usage of so many tokens.
  static UsageRecord.Builder record(String key, long input, long output) {
    return UsageRecord.newBuilder()
        .setIdempotencyKey(key)
        .setProvider("openai")
        .setModel(MODEL)
        .addQuantities(quantity(Unit.INPUT, Long.toString(input)))
        .addQuantities(quantity(Unit.OUTPUT, Long.toString(output)));
  }

  static UsageQuantity quantity(Unit unit, String quantity) {
    return UsageQuantity.newBuilder().setUnit(unit.key()).setQuantity(quantity).build();
  }

  /// A run of somebody's that is leased for the first time.
  ///
  /// @param parent null: none
  UUID run(Person user, UUID parent) {
    var id = UUID.randomUUID();
    sql(
        """
        insert into run (tenant_id, run_id, user_id, queue, self_execute, state, metadata, attempt, max_attempts, lease_epoch,
          lease_expires_at, deadline_at, pause_requested, input_seq, step_count, version, created_at, updated_at, parent_run_id)
        values ('%s', '%s', '%s', 'q', false, 'RUNNING', '{}', 1, 3, 1, now() + interval '1 hour', now() + interval '1 day',
          false, 0, 0, 1, now(), now(), %s)\
        """
            .formatted(user.tenant(), id, user.id(), parent == null ? "null" : "'" + parent + "'"));
    return id;
  }

  /// A session of somebody's.
  UUID session(Person user) {
    var id = UUID.randomUUID();
    sql(
        """
        insert into session (tenant_id, session_id, owner_id, slug, title, type, state, open_interrupts, run_count, input_tokens,
          output_tokens, cost, active_ms, metadata, version, activity, created_at, updated_at, last_activity_at, expires_at)
        values ('%s', '%s', '%s', 's', '', 'CHAT', 'ACTIVE', 0, 0, 0, 0, 0, 0, '{}', 1, 1, now(), now(), now(), now())"""
            .formatted(user.tenant(), id, user.id()));
    return id;
  }

  /// An agent of somebody's.
  UUID agent(Person user, String visibility) {
    var id = UUID.randomUUID();
    sql(
        """
        insert into agent (tenant_id, agent_id, owner_id, name, description, icon, category, goal, visibility, state,
          current_version, execution_count, metadata, version, created_at, updated_at)
        values ('%s', '%s', '%s', 'a', '', '', '', '', '%s', 'ACTIVE', 1, 0, '{}', 1, now(), now())"""
            .formatted(user.tenant(), id, user.id(), visibility));
    return id;
  }

  Database database() {
    return kit.database();
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
    ledger.close();
    runs.close();
    kit.close();
    health.close();
    metrics.close();
    identity.close();
    database.close();
  }
}
