package dev.agentserver.agentrun.dashboard;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.BudgetServiceGrpc;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.Dashboard;
import dev.agentserver.agentrun.v1.DashboardServiceGrpc;
import dev.agentserver.agentrun.v1.GetDashboardRequest;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.UsageDimension;
import dev.agentserver.agentrun.v1.UsageGroup;
import dev.agentserver.agentrun.v1.UsageQuantity;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.UsageSum;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.Fewest;
import io.grpc.Status.Code;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a dashboard shows is what the parts of it say each by itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardTest {
  private static final int DAYS = 4;

  private Harness service;
  private Caller owner;
  private Caller alice;
  private final List<UUID> agents = List.of(UUID.randomUUID(), UUID.randomUUID());
  private UUID conversation;

  @BeforeAll
  void start() {
    service = Harness.start();
    service.loadPrices();
    var tenant = UUID.randomUUID();
    owner = service.caller(tenant, "TENANT_OWNER");
    alice = service.caller(tenant, "MEMBER");
    conversation = service.conversation();
    record();
    run(alice, "SUCCEEDED", 10);
    run(alice, "SUCCEEDED", 20);
    run(alice, "FAILED", 30);
    run(owner, "CANCELLED", 100);
    budget(Budget.Scope.SCOPE_USER, alice.principalId().toString());
    budget(Budget.Scope.SCOPE_TENANT, "");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private void record() {
    var random = new Random(7);
    var batch = BatchRecordUsageRequest.newBuilder();
    for (var n = 0; n < 100; n++) {
      var at =
          service.clock().instant().minus(random.nextInt(2 * DAYS * 24 * 60), ChronoUnit.MINUTES);
      batch.addRecords(
          UsageRecord.newBuilder()
              .setIdempotencyKey("e" + n)
              .setProvider("openai")
              .setModel(List.of("gpt-4.1", "o3", "nobody-knows").get(random.nextInt(3)))
              .setUserId((random.nextBoolean() ? alice : owner).principalId().toString())
              .setAgentId(n % 5 == 0 ? "" : agents.get(random.nextInt(2)).toString())
              .setConversationId(random.nextBoolean() ? conversation.toString() : "")
              .setOccurredAt(Timestamp.newBuilder().setSeconds(at.getEpochSecond()))
              .addQuantities(quantity("input", random))
              .addQuantities(quantity("output", random)));
    }
    assertThat(
            UsageServiceGrpc.newBlockingStub(service.channel(owner))
                .batchRecordUsage(batch.build())
                .getResultsList())
        .allSatisfy(result -> assertThat(result.getErrorMessage()).isEmpty());
  }

  private static UsageQuantity quantity(String unit, Random random) {
    return UsageQuantity.newBuilder()
        .setUnit(unit)
        .setQuantity(Integer.toString(random.nextInt(100_000)))
        .build();
  }

  private void run(Caller user, String state, int seconds) {
    service.sql(
        """
        insert into agent_run.run (tenant_id, run_id, user_id, queue, self_execute, state, metadata, attempt, max_attempts, lease_epoch,
          deadline_at, pause_requested, input_seq, step_count, version, created_at, started_at, ended_at, updated_at)
        values ('%s', '%s', '%s', 'q', false, '%s', '{}', 1, 3, 1, now(), false, 0, 0, 1, now(), now(), now() + interval '%s s', now())\
        """
            .formatted(user.tenantId(), UUID.randomUUID(), user.principalId(), state, seconds));
  }

  private void budget(Budget.Scope scope, String id) {
    var budget =
        Budget.newBuilder()
            .setName(scope.name())
            .setScope(scope)
            .setScopeId(id)
            .setPeriod(Budget.Period.PERIOD_TOTAL)
            .setLimit("1000");
    BudgetServiceGrpc.newBlockingStub(service.channel(owner))
        .createBudget(CreateBudgetRequest.newBuilder().setBudget(budget).build());
  }

  private Dashboard dashboard(Caller caller, GetDashboardRequest.Builder request) {
    return DashboardServiceGrpc.newBlockingStub(service.channel(caller))
        .getDashboard(request.setDays(DAYS).build());
  }

  /// What QueryUsage says of the same time.
  private List<UsageGroup> queried(
      Caller caller, Dashboard shown, String zone, UsageDimension... by) {
    return UsageServiceGrpc.newBlockingStub(service.channel(caller))
        .queryUsage(
            QueryUsageRequest.newBuilder()
                .setStartTime(shown.getStartTime())
                .setEndTime(shown.getEndTime())
                .setTimeZone(zone)
                .addAllGroupBy(List.of(by))
                .build())
        .getGroupsList();
  }

  private static Map<String, UsageSum> shares(List<Dashboard.Share> shares) {
    var sums = new HashMap<String, UsageSum>();
    shares.forEach(share -> sums.put(share.getId(), share.getSum()));
    assertThat(shares)
        .extracting(share -> new BigDecimal(share.getSum().getCost()))
        .isSortedAccordingTo(Comparator.reverseOrder());
    return sums;
  }

  private static Map<String, UsageSum> byKey(List<UsageGroup> groups) {
    var sums = new HashMap<String, UsageSum>();
    groups.forEach(group -> sums.put(String.join(" ", group.getKeysList()), group.getSum()));
    return sums;
  }

  @Test
  void everyListIsWhatQueryUsageSaysOfTheSameDaysInEveryTimeZone() {
    for (var zone : List.of("", "Asia/Kathmandu", "America/New_York")) {
      for (var caller : List.of(owner, alice)) {
        var shown = dashboard(caller, GetDashboardRequest.newBuilder().setTimeZone(zone));
        var days = queried(caller, shown, zone, UsageDimension.USAGE_DIMENSION_DAY);
        assertThat(shown.getDaysList())
            .extracting(day -> Map.entry(day.getDay(), day.getSum()))
            .isEqualTo(days.stream().map(day -> Map.entry(day.getKeys(0), day.getSum())).toList());
        assertThat(shown.getCurrent()).isEqualTo(queried(caller, shown, zone).getFirst().getSum());
        assertThat(shares(shown.getAgentsList()))
            .isEqualTo(byKey(queried(caller, shown, zone, UsageDimension.USAGE_DIMENSION_AGENT)))
            .hasSize(3);
        var models = byKey(queried(caller, shown, zone, UsageDimension.USAGE_DIMENSION_MODEL));
        assertThat(shown.getModelsList())
            .extracting(Dashboard.Model::getModel)
            .containsExactlyInAnyOrderElementsOf(models.keySet());
        assertThat(shown.getModelsList())
            .allSatisfy(one -> assertThat(one.getSum()).isEqualTo(models.get(one.getModel())));
        assertThat(shown.getUnpricedList())
            .singleElement()
            .satisfies(one -> assertThat(one.getModel()).isEqualTo("nobody-knows"));
        var users = byKey(queried(caller, shown, zone, UsageDimension.USAGE_DIMENSION_USER));
        assertThat(shares(shown.getUsersList())).isEqualTo(caller.equals(owner) ? users : Map.of());
      }
    }
  }

  @Test
  void theDaysBeforeAreAsMany() {
    var shown = dashboard(owner, GetDashboardRequest.newBuilder());
    var start = Instant.ofEpochSecond(shown.getStartTime().getSeconds());
    var end = Instant.ofEpochSecond(shown.getEndTime().getSeconds());
    assertThat(ChronoUnit.DAYS.between(start, end)).isEqualTo(DAYS);
    var before =
        shown.toBuilder()
            .setEndTime(shown.getStartTime())
            .setStartTime(
                Timestamp.newBuilder()
                    .setSeconds(start.minus(DAYS, ChronoUnit.DAYS).getEpochSecond()))
            .build();
    assertThat(shown.getPrevious())
        .isEqualTo(queried(owner, before, "").getFirst().getSum())
        .satisfies(sum -> assertThat(sum.getEvents()).isPositive());
  }

  @Test
  void runsBudgetsAndConversationsAreThoseOfWhoeverIsShown() {
    var all = dashboard(owner, GetDashboardRequest.newBuilder());
    assertThat(all.getRuns().getSuccessRate()).isEqualTo(2.0 / 3);
    assertThat(all.getRuns().getAverageDuration().getSeconds()).isEqualTo(40);
    assertThat(all.getRuns().getP95Duration().getSeconds()).isEqualTo(100);
    assertThat(all.getRuns().getStatesList())
        .extracting(one -> one.getState() + " " + one.getRuns())
        .containsExactly("STATE_SUCCEEDED 2", "STATE_FAILED 1", "STATE_CANCELLED 1");
    assertThat(all.getBudgetsList())
        .extracting(Budget::getScope)
        .containsExactly(Budget.Scope.SCOPE_USER, Budget.Scope.SCOPE_TENANT);
    assertThat(all.getBudgets(1).getSettled()).isNotEqualTo("0");
    assertThat(all.getConversationsList())
        .singleElement()
        .satisfies(one -> assertThat(one.getId()).isEqualTo(conversation.toString()));

    var own = dashboard(alice, GetDashboardRequest.newBuilder());
    assertThat(own.getRuns().getP95Duration().getSeconds()).isEqualTo(30);
    assertThat(own.getRuns().getStatesList())
        .extracting(one -> one.getState())
        .containsExactly(Run.State.STATE_SUCCEEDED, Run.State.STATE_FAILED);
    assertThat(own.getBudgetsList())
        .extracting(Budget::getScope)
        .containsExactly(Budget.Scope.SCOPE_USER);
    assertThat(shares(own.getConversationsList())).containsOnlyKeys("", conversation.toString());
    var asked = GetDashboardRequest.newBuilder().setUserId(alice.principalId().toString());
    assertThat(dashboard(owner, asked)).isEqualTo(own);
  }

  @Test
  void nobodySeesAnothersAndANewTenantSeesNothing() {
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            dashboard(
                alice, GetDashboardRequest.newBuilder().setUserId(owner.principalId().toString())));
    var stranger = service.caller(UUID.randomUUID(), "TENANT_OWNER");
    var shown = dashboard(stranger, GetDashboardRequest.newBuilder());
    assertThat(shown.getCurrent().getEvents()).isZero();
    assertThat(shown.getRuns()).isEqualTo(Dashboard.Runs.getDefaultInstance());
    assertThat(shown.getBudgetsList()).isEmpty();
    assertThat(shown.getConversationsList()).isEmpty();
  }

  @Test
  void itTakesAFewStatementsHoweverMuchThereIs() {
    assertThat(
            Fewest.of(
                () -> service.statements(() -> dashboard(owner, GetDashboardRequest.newBuilder()))))
        .isLessThanOrEqualTo(11);
  }
}
