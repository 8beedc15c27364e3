package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.ledger.LedgerHarness.MODEL;
import static dev.agentserver.agentrun.ledger.LedgerHarness.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.GetBudgetRequest;
import dev.agentserver.agentrun.v1.PriceState;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageResponse;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageLine;
import dev.agentserver.agentrun.v1.UsageLine.Kind;
import dev.agentserver.agentrun.v1.UsageRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepriceTest {
  private LedgerHarness service;
  private Person owner;

  @BeforeAll
  void start() {
    service = new LedgerHarness();
  }

  @BeforeEach
  void tenant() {
    owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
    service.prices().set(MODEL, Unit.INPUT, "2").set(MODEL, Unit.OUTPUT, "8");
  }

  /// Whatever happened, every sum is that of the lines.
  @AfterEach
  void verify() {
    assertThat(owner.verify().getDiscrepanciesList()).isEmpty();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private UsageEvent send(UsageRecord.Builder record) {
    return owner.usage().recordUsage(RecordUsageRequest.newBuilder().setRecord(record).build());
  }

  private RepriceUsageResponse reprice(boolean dryRun) {
    return owner.usage().repriceUsage(RepriceUsageRequest.newBuilder().setDryRun(dryRun).build());
  }

  @Test
  void aDryRunSaysWhatARepriceDoesAndASecondOneDoesNothing() {
    var record = record("a", 1_000_000, 1_000_000);
    send(record);
    send(record("b", 1, 1).setModel("unknown"));
    var budget =
        owner
            .budgets()
            .createBudget(
                CreateBudgetRequest.newBuilder()
                    .setBudget(
                        Budget.newBuilder()
                            .setName("b")
                            .setScope(Budget.Scope.SCOPE_TENANT)
                            .setPeriod(Budget.Period.PERIOD_MONTH)
                            .setLimit("100"))
                    .build());
    service.prices().set(MODEL, Unit.INPUT, "3");
    var before = owner.verify();
    var said = reprice(true);
    assertThat(said.getChanged()).isEqualTo(1);
    assertThat(said.getBefore()).isEqualTo("10");
    assertThat(said.getAfter()).isEqualTo("11");
    assertThat(owner.verify()).isEqualTo(before);
    assertThat(reprice(false)).isEqualTo(said);
    assertThat(reprice(false).getChanged()).isZero();
    var event = send(record);
    assertThat(event.getTotal()).isEqualTo("11");
    assertThat(event.getLinesList())
        .extracting(
            UsageLine::getKind,
            UsageLine::getReverses,
            UsageLine::getUnit,
            UsageLine::getUnitPrice,
            UsageLine::getCost)
        .containsExactly(
            tuple(Kind.KIND_CHARGE, 0, "input", "2", "2"),
            tuple(Kind.KIND_CHARGE, 0, "output", "8", "8"),
            tuple(Kind.KIND_REPRICE, 1, "input", "2", "-2"),
            tuple(Kind.KIND_REPRICE, 2, "output", "8", "-8"),
            tuple(Kind.KIND_REPRICE, 0, "input", "3", "3"),
            tuple(Kind.KIND_REPRICE, 0, "output", "8", "8"));
    assertThat(
            owner
                .budgets()
                .getBudget(GetBudgetRequest.newBuilder().setBudgetId(budget.getId()).build())
                .getSettled())
        .isEqualTo("11");
  }

  @Test
  void whatHadNoPriceIsPricedWhenThereIsOne() {
    var model = "new-" + UUID.randomUUID();
    var record = record("a", 1_000_000, 0).setModel(model);
    assertThat(send(record).getPriceState()).isEqualTo(PriceState.PRICE_STATE_UNPRICED);
    assertThat(service.price()).isZero();
    service.prices().set(model, Unit.INPUT, "5");
    service.price();
    service.price();
    var event = send(record);
    assertThat(event.getPriceState()).isEqualTo(PriceState.PRICE_STATE_PRICED);
    assertThat(event.getTotal()).isEqualTo("5");
  }

  @Test
  void whoeverRepricesWhileOthersWriteAndRepriceLosesNothing() throws Exception {
    var random = new Random(3);
    var work = new ArrayList<Callable<Integer>>();
    for (var batch = 0; batch < 12; batch++) {
      var request = BatchRecordUsageRequest.newBuilder();
      for (var n = 0; n < 20; n++) {
        request.addRecords(
            record(batch + "-" + n, random.nextInt(100_000), random.nextInt(1_000))
                .setModel(random.nextInt(5) == 0 ? "late-model" : MODEL));
      }
      work.add(() -> owner.usage().batchRecordUsage(request.build()).getResultsCount());
      var price = new BigDecimal(random.nextInt(1_000_000_000)).movePointLeft(12).toPlainString();
      work.add(
          () -> {
            service.prices().set(MODEL, Unit.INPUT, price).set("late-model", Unit.OUTPUT, price);
            return reprice(false).getChanged();
          });
    }
    try (var pool = Executors.newFixedThreadPool(6)) {
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
    }
    service.prices().set("late-model", Unit.INPUT, "0.1");
    reprice(false);
    assertThat(reprice(false).getChanged()).isZero();
    assertThat(owner.verify().getEvents()).isEqualTo(240);
    assertThat(
            service.column(
                "select count(*) from usage_event where price_state = 'UNPRICED' and tenant_id = '%s'"
                    .formatted(owner.tenant())))
        .isEqualTo(List.of("0"));
  }
}
