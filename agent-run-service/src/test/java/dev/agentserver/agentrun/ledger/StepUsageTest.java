package dev.agentserver.agentrun.ledger;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.v1.BeginStepRequest;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.CompleteStepRequest;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.FailStepRequest;
import dev.agentserver.agentrun.v1.GetCostRequest;
import dev.agentserver.agentrun.v1.ReserveBudgetRequest;
import dev.agentserver.agentrun.v1.RunStep;
import dev.agentserver.common.v1.ProviderUsage;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What steps used rides on their run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StepUsageTest {
  private LedgerHarness service;
  private Person alice;
  private Person owner;
  private Person worker;
  private String run;

  @BeforeAll
  void start() {
    service = new LedgerHarness();
  }

  @BeforeEach
  void run() {
    var tenant = UUID.randomUUID();
    alice = service.person(tenant, "MEMBER");
    owner = service.person(tenant, "TENANT_OWNER");
    worker = service.person(tenant, "WORKER");
    run = service.run(alice, null).toString();
    lease(1);
  }

  @AfterEach
  void verify() {
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private void lease(int epoch) {
    service.sql(
        "insert into run_lease values ('%s', '%s', %d, '%s', '', '{}', now())"
            .formatted(alice.tenant(), run, epoch, worker.id()));
    service.sql("update run set lease_epoch = %d where run_id = '%s'".formatted(epoch, run));
  }

  private void begin(String step, long epoch) {
    worker
        .work()
        .beginStep(
            BeginStepRequest.newBuilder()
                .setRunId(run)
                .setLeaseEpoch(epoch)
                .setStepKey(step)
                .build());
  }

  private RunStep complete(Person by, String step, long epoch, ProviderUsage.Builder usage) {
    return by.work()
        .completeStep(
            CompleteStepRequest.newBuilder()
                .setRunId(run)
                .setLeaseEpoch(epoch)
                .setStepKey(step)
                .setUsage(usage)
                .build());
  }

  private static ProviderUsage.Builder usage(int input) {
    return ProviderUsage.newBuilder()
        .setProvider("openai")
        .setModel(LedgerHarness.MODEL)
        .setRawUsage("{\"prompt_tokens\":%d,\"completion_tokens\":0}".formatted(input));
  }

  private String cost(GetCostRequest.Builder of) {
    return alice.usage().getCost(of.setRunId(run).build()).getOwn().getCost();
  }

  private List<String> events(String what) {
    return service.column(
        "select %s from usage_event where run_id = '%s' order by recorded_at".formatted(what, run));
  }

  @Test
  void whatAStepUsedIsItsRunsOnceHoweverOftenItIsTold() {
    begin("a", 1);
    assertThat(complete(worker, "a", 1, usage(1_000_000)).getState())
        .isEqualTo(RunStep.State.STATE_SUCCEEDED);
    complete(worker, "a", 1, usage(1_000_000));
    begin("b", 1);
    complete(worker, "b", 1, usage(500_000));
    assertThat(cost(GetCostRequest.newBuilder())).isEqualTo("3");
    assertThat(cost(GetCostRequest.newBuilder().setStepKey("a"))).isEqualTo("2");
    assertThat(cost(GetCostRequest.newBuilder().setStepKey("b"))).isEqualTo("1");
    assertThat(cost(GetCostRequest.newBuilder().setStepKey("c"))).isEqualTo("0");
    assertThat(events("user_id || ' ' || late")).containsOnly(alice.id() + " false").hasSize(2);
    assertProblem(
        Code.INVALID_ARGUMENT, "REQUEST_ID_REUSED", () -> complete(worker, "a", 1, usage(7)));
  }

  @Test
  void lateUsageOfAFencedWorkerIsStillMoneyAndSoIsThatOfTheNext() {
    begin("a", 1);
    var scope = new RunScope(UUID.fromString(run), null, null, 1);
    var fenced = service.person(alice.caller().within(scope, List.of()));
    lease(2);
    var before = service.column("select r::text from run r where run_id = '" + run + "'");
    assertProblem(
        Code.FAILED_PRECONDITION, "LEASE_LOST", () -> complete(fenced, "a", 1, usage(1_000_000)));
    assertProblem(
        Code.FAILED_PRECONDITION, "LEASE_LOST", () -> complete(worker, "a", 1, usage(1_000_000)));
    assertThat(service.column("select r::text from run r where run_id = '" + run + "'"))
        .isEqualTo(before);
    begin("a", 2);
    complete(worker, "a", 2, usage(1_000_000));
    assertThat(events("late::text")).containsExactly("true", "false");
    assertThat(cost(GetCostRequest.newBuilder())).isEqualTo("4");
  }

  @Test
  void whoDoesNothingOfTheStepTellsNothing() {
    assertProblem(
        Code.FAILED_PRECONDITION, "STEP_NOT_RUNNING", () -> complete(worker, "a", 1, usage(1)));
    begin("a", 1);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> complete(owner, "a", 1, usage(1)));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> complete(worker, "a", 7, usage(1)));
    worker
        .work()
        .failStep(
            FailStepRequest.newBuilder()
                .setRunId(run)
                .setLeaseEpoch(1)
                .setStepKey("a")
                .setReason("no")
                .build());
    assertProblem(
        Code.FAILED_PRECONDITION, "STEP_NOT_RUNNING", () -> complete(worker, "a", 1, usage(1)));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> complete(worker, "a", 1, usage(1).setRawUsage("{\"prompt_tokens\":")))
        .field("usage.raw_usage");
    assertThat(events("event_id")).isEmpty();
  }

  @Test
  void aStepSettlesItsHoldAndARunWhoseBudgetIsSpentPausesWhileTheStepEnds() {
    var budget =
        owner
            .budgets()
            .createBudget(
                CreateBudgetRequest.newBuilder()
                    .setBudget(
                        Budget.newBuilder()
                            .setName("run")
                            .setScope(Budget.Scope.SCOPE_RUN)
                            .setScopeId(run)
                            .setPeriod(Budget.Period.PERIOD_TOTAL)
                            .setHard(true)
                            .setLimit("2"))
                    .build());
    var hold =
        worker
            .budgets()
            .reserveBudget(
                ReserveBudgetRequest.newBuilder().setRunId(run).setAmount("1.5").build());
    begin("a", 1);
    assertThat(complete(worker, "a", 1, usage(1_000_000).setHoldId(hold.getId())).getState())
        .isEqualTo(RunStep.State.STATE_SUCCEEDED);
    assertThat(
            service.column(
                "select settled || ' ' || held from budget_period where budget_id = '%s'"
                    .formatted(budget.getId())))
        .containsExactly("2.000000000000 0.000000000000");
    assertThat(events("over_hold::text")).containsExactly("true");
    assertThat(service.column("select pause_requested::text from run where run_id = '" + run + "'"))
        .containsExactly("true");
    assertThat(
            service.column("select budget_id::text from budget_pause where run_id = '" + run + "'"))
        .containsExactly(budget.getId());
  }

  @Test
  void aStepIsOfARun() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                alice
                    .usage()
                    .getCost(
                        GetCostRequest.newBuilder()
                            .setUserId(alice.id().toString())
                            .setStepKey("a")
                            .build()))
        .field("step_key");
  }
}
