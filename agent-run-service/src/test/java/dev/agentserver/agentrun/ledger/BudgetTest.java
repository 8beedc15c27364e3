package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.ledger.LedgerHarness.record;
import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.Budget.Period;
import dev.agentserver.agentrun.v1.Budget.Scope;
import dev.agentserver.agentrun.v1.BudgetHold;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.DeleteBudgetRequest;
import dev.agentserver.agentrun.v1.ExtendBudgetHoldRequest;
import dev.agentserver.agentrun.v1.GetBudgetRequest;
import dev.agentserver.agentrun.v1.ListBudgetsRequest;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.ReleaseBudgetHoldRequest;
import dev.agentserver.agentrun.v1.ReserveBudgetRequest;
import dev.agentserver.agentrun.v1.UpdateBudgetRequest;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageRecord;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A million tokens that go in cost two dollars here.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BudgetTest {
  private static final long DOLLAR = 500_000;

  private LedgerHarness service;
  private Person alice;
  private Person owner;

  @BeforeAll
  void start() {
    service = new LedgerHarness();
  }

  @BeforeEach
  void tenant() {
    var tenant = UUID.randomUUID();
    alice = service.person(tenant, "MEMBER");
    owner = service.person(tenant, "TENANT_OWNER");
  }

  /// Whatever happened, the ledger and the budgets agree.
  @AfterEach
  void verify() {
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private Budget create(Scope scope, String scopeId, String limit, Integer... thresholds) {
    var budget =
        Budget.newBuilder()
            .setName("b")
            .setScope(scope)
            .setScopeId(scopeId)
            .setPeriod(Period.PERIOD_DAY)
            .setLimit(limit)
            .setHard(true)
            .addAllThresholds(List.of(thresholds));
    return owner.budgets().createBudget(CreateBudgetRequest.newBuilder().setBudget(budget).build());
  }

  private Budget get(Budget budget) {
    return owner
        .budgets()
        .getBudget(GetBudgetRequest.newBuilder().setBudgetId(budget.getId()).build());
  }

  private Budget raise(Budget budget, String limit) {
    return owner
        .budgets()
        .updateBudget(
            UpdateBudgetRequest.newBuilder()
                .setBudget(get(budget).toBuilder().setLimit(limit))
                .build());
  }

  private UsageEvent spend(long tokens, String holdId) {
    return spend(record(UUID.randomUUID().toString(), tokens, 0).setHoldId(holdId));
  }

  private UsageEvent spend(UsageRecord.Builder record) {
    return alice.usage().recordUsage(RecordUsageRequest.newBuilder().setRecord(record).build());
  }

  private BudgetHold reserve(String amount) {
    return alice
        .budgets()
        .reserveBudget(ReserveBudgetRequest.newBuilder().setAmount(amount).build());
  }

  private void exceeded(String amount) {
    assertProblem(Code.RESOURCE_EXHAUSTED, "BUDGET_EXCEEDED", () -> reserve(amount));
  }

  @Test
  void whatWasSpentBeforeThereWasABudgetCounts() {
    spend(DOLLAR, "");
    var budget = create(Scope.SCOPE_TENANT, "", "3");
    assertThat(budget.getSettled()).isEqualTo("1");
    spend(DOLLAR, "");
    assertThat(get(budget).getSettled()).isEqualTo("2");
    exceeded("1.000000000001");
    assertThat(reserve("1").getBudgetIdsList()).containsExactly(budget.getId());
  }

  @Test
  void whatIsReservedIsReservedInAllBudgetsOrInNone() {
    var wide = create(Scope.SCOPE_TENANT, "", "10");
    var narrow = create(Scope.SCOPE_USER, alice.id().toString(), "1");
    exceeded("1.5");
    assertThat(get(wide).getHeld()).isEqualTo("0");
    var hold = reserve("0.6");
    exceeded("0.5");
    assertThat(get(wide).getHeld()).isEqualTo("0.6");
    var more = ExtendBudgetHoldRequest.newBuilder().setHoldId(hold.getId());
    assertThat(alice.budgets().extendBudgetHold(more.setAmount("0.4").build()).getAmount())
        .isEqualTo("1");
    assertProblem(
        Code.RESOURCE_EXHAUSTED,
        "BUDGET_EXCEEDED",
        () -> alice.budgets().extendBudgetHold(more.setAmount("0.1").build()));
    assertThat(spend(DOLLAR / 2, hold.getId()).getOverHold()).isFalse();
    assertThat(get(narrow).getSettled()).isEqualTo("0.5");
    assertThat(get(narrow).getHeld()).isEqualTo("0");
    assertProblem(
        Code.FAILED_PRECONDITION,
        "HOLD_ENDED",
        () -> alice.budgets().extendBudgetHold(more.setAmount("0.1").build()));
    var second = reserve("0.5");
    var release = ReleaseBudgetHoldRequest.newBuilder().setHoldId(second.getId()).build();
    assertThat(alice.budgets().releaseBudgetHold(release).getState())
        .isEqualTo(BudgetHold.State.STATE_RELEASED);
    assertThat(get(wide).getHeld()).isEqualTo("0");
    var stranger = service.person(alice.tenant(), "MEMBER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> stranger.budgets().releaseBudgetHold(release));
  }

  @Test
  void whatCostsMoreThanWasReservedIsCountedInFullAndFlagged() {
    var budget = create(Scope.SCOPE_TENANT, "", "1");
    var hold = reserve("0.5");
    assertThat(spend(2 * DOLLAR, hold.getId()).getOverHold()).isTrue();
    assertThat(get(budget).getSettled()).isEqualTo("2");
    exceeded("0.1");
  }

  @Test
  void whatIsReservedCountsWhereItWasReserved() {
    var budget = create(Scope.SCOPE_TENANT, "", "5");
    var hold =
        alice
            .budgets()
            .reserveBudget(
                ReserveBudgetRequest.newBuilder()
                    .setAmount("2")
                    .setTtl(com.google.protobuf.Duration.newBuilder().setSeconds(86_400))
                    .build());
    service.clock().move(Duration.ofHours(24).minusSeconds(1));
    spend(DOLLAR, hold.getId());
    assertThat(
            service.column(
                "select settled || ' ' || held from budget_period where budget_id = '%s' order by starts_at"
                    .formatted(budget.getId())))
        .contains("1.000000000000 0.000000000000");
    assertThat(get(budget).getSettled()).isIn("0", "1");
  }

  @Test
  void whatNobodyWasHeardOfIsGivenBack() {
    var budget = create(Scope.SCOPE_TENANT, "", "1");
    reserve("1");
    exceeded("1");
    service.clock().move(Duration.ofMinutes(11));
    assertThat(service.sweep()).isPositive();
    assertThat(reserve("1").getState()).isEqualTo(BudgetHold.State.STATE_OPEN);
    assertThat(get(budget).getHeld()).isEqualTo("1");
  }

  @Test
  void whatWasReachedBeforeThereWasABudgetIsToldWhenItIsMade() {
    spend(DOLLAR, "");
    var budget = create(Scope.SCOPE_TENANT, "", "1.25", 50, 80, 100);
    assertThat(budget.getAlertsList()).containsExactly(50, 80);
    assertThat(raise(budget, "1").getAlertsList()).containsExactly(50, 80, 100);
    spend(DOLLAR, "");
    assertThat(
            service.column(
                "select data ->> 'threshold' from outbox_fact where type = 'budget.threshold_reached'"
                    + " and subject_id = '%s' order by 1".formatted(budget.getId())))
        .containsExactly("100", "50", "80");
  }

  @Test
  void anAlertIsGivenOnce() {
    var budget = create(Scope.SCOPE_TENANT, "", "2", 50, 100);
    spend(DOLLAR, "");
    spend(DOLLAR / 2, "");
    assertThat(get(budget).getAlertsList()).containsExactly(50);
    spend(DOLLAR, "");
    spend(DOLLAR, "");
    assertThat(get(budget).getAlertsList()).containsExactly(50, 100);
    assertThat(
            service.column(
                "select type from outbox_fact where subject_id = '" + budget.getId() + "'"))
        .containsExactly("budget.threshold_reached", "budget.threshold_reached");
  }

  @Test
  void aRunWhoseBudgetIsSpentPausesAndGoesOnWhenItIsRaised() {
    var run = service.run(alice, null).toString();
    var budget = create(Scope.SCOPE_RUN, run, "1");
    spend(record("a" + run, DOLLAR / 2, 0).setRunId(run));
    assertThat(pausing(run)).isEqualTo("RUNNING false");
    spend(record("b" + run, DOLLAR, 0).setRunId(run));
    assertThat(pausing(run)).isEqualTo("RUNNING true");
    service.sweep();
    assertThat(pausing(run)).isEqualTo("RUNNING true");
    raise(budget, "2");
    assertThat(pausing(run)).isEqualTo("RUNNING false");
    assertThat(
            service.column(
                "select payload->>'reason' from run_event where run_id = '%s' and kind = 'run.pausing'"
                    .formatted(run)))
        .containsExactly("BUDGET_EXCEEDED");
  }

  @Test
  void aRunThatCanReserveNothingWaitsAndGoesOnInTheNextPeriod() {
    var run = service.run(alice, null).toString();
    create(Scope.SCOPE_USER, alice.id().toString(), "1");
    var request = ReserveBudgetRequest.newBuilder().setRunId(run).setAmount("1.5").build();
    assertProblem(
        Code.RESOURCE_EXHAUSTED, "BUDGET_EXCEEDED", () -> alice.budgets().reserveBudget(request));
    spend(DOLLAR, "");
    assertThat(pausing(run)).isEqualTo("RUNNING true");
    service.sweep();
    assertThat(pausing(run)).isEqualTo("RUNNING true");
    service.clock().move(Duration.ofDays(1));
    service.sweep();
    assertThat(pausing(run)).isEqualTo("RUNNING false");
  }

  @Test
  void runsGoOnWhenTheBudgetTheyWaitForIsDeleted() {
    var run = service.run(alice, null).toString();
    service.sql(
        "update run set state = 'QUEUED', lease_expires_at = null, eligible_at = now() where run_id = '%s'"
            .formatted(run));
    var budget = create(Scope.SCOPE_RUN, run, "0");
    spend(record("a" + run, 1, 0).setRunId(run));
    assertThat(pausing(run)).isEqualTo("PAUSED false");
    owner
        .budgets()
        .deleteBudget(DeleteBudgetRequest.newBuilder().setBudgetId(budget.getId()).build());
    assertThat(pausing(run)).isEqualTo("QUEUED false");
  }

  private String pausing(String run) {
    return service
        .column("select state || ' ' || pause_requested from run where run_id = '" + run + "'")
        .getFirst();
  }

  @Test
  void budgetsAreListedAndChangedByTheirEtag() {
    var first = create(Scope.SCOPE_TENANT, "", "1");
    create(Scope.SCOPE_TENANT, "", "2");
    var page = owner.budgets().listBudgets(ListBudgetsRequest.newBuilder().setPageSize(1).build());
    assertThat(page.getBudgetsList()).containsExactly(first);
    var rest =
        owner
            .budgets()
            .listBudgets(
                ListBudgetsRequest.newBuilder().setPageToken(page.getNextPageToken()).build());
    assertThat(rest.getBudgetsList()).extracting(Budget::getLimit).containsExactly("2");
    raise(first, "3");
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () ->
            owner
                .budgets()
                .updateBudget(UpdateBudgetRequest.newBuilder().setBudget(first).build()));
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> create(Scope.SCOPE_USER, "", "1"))
        .field("budget.scope_id");
  }
}
