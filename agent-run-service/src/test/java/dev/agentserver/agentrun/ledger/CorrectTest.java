package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.ledger.LedgerHarness.MODEL;
import static dev.agentserver.agentrun.ledger.LedgerHarness.quantity;
import static dev.agentserver.agentrun.ledger.LedgerHarness.record;
import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.CorrectUsageRequest;
import dev.agentserver.agentrun.v1.CorrectUsageResponse;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.GetCostRequest;
import dev.agentserver.agentrun.v1.PriceState;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageRequest;
import dev.agentserver.agentrun.v1.ReserveBudgetRequest;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageLine;
import dev.agentserver.agentrun.v1.UsageLine.Kind;
import dev.agentserver.agentrun.v1.UsageQuantities;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageState;
import io.grpc.Status.Code;
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
class CorrectTest {
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

  private static CorrectUsageRequest.Builder correction(UsageEvent event) {
    return CorrectUsageRequest.newBuilder().setEventId(event.getId()).setReason("it was wrong");
  }

  private static CorrectUsageRequest.Builder used(UsageEvent event, long input, long output) {
    return correction(event)
        .setQuantities(
            UsageQuantities.newBuilder()
                .addQuantities(quantity(Unit.INPUT, Long.toString(input)))
                .addQuantities(quantity(Unit.OUTPUT, Long.toString(output))));
  }

  private CorrectUsageResponse correct(CorrectUsageRequest.Builder request) {
    return owner.usage().correctUsage(request.build());
  }

  private String cost() {
    return owner
        .usage()
        .getCost(GetCostRequest.newBuilder().setUserId(owner.id().toString()).build())
        .getOwn()
        .getCost();
  }

  @Test
  void aDryRunSaysWhatACorrectionDoesAndTheSecondOneDoesNothing() {
    var record = record("a", 1_000_000, 1_000_000);
    var event = send(record);
    var request = used(event, 2_000_000, 1_000_000).setRequestId(UUID.randomUUID().toString());
    var before = owner.verify();
    var said = correct(request.clone().setDryRun(true));
    assertThat(said.getBefore()).isEqualTo("10");
    assertThat(said.getAfter()).isEqualTo("12");
    assertThat(owner.verify()).isEqualTo(before);
    assertThat(send(record).getTotal()).isEqualTo("10");
    var done = correct(request);
    assertThat(done).isEqualTo(said);
    assertThat(correct(request)).isEqualTo(done);
    assertThat(correct(used(event, 2_000_000, 1_000_000)).getEvent()).isEqualTo(done.getEvent());
    assertThat(send(record)).isEqualTo(done.getEvent().toBuilder().setDuplicate(true).build());
    assertThat(done.getEvent().getLinesList())
        .extracting(UsageLine::getKind, UsageLine::getReverses, UsageLine::getCost)
        .containsExactly(
            tuple(Kind.KIND_CHARGE, 0, "2"),
            tuple(Kind.KIND_CHARGE, 0, "8"),
            tuple(Kind.KIND_CORRECTION, 1, "-2"),
            tuple(Kind.KIND_CORRECTION, 2, "-8"),
            tuple(Kind.KIND_CORRECTION, 0, "4"),
            tuple(Kind.KIND_CORRECTION, 0, "8"));
    assertThat(cost()).isEqualTo("12");
  }

  @Test
  void whatWasRecordedStaysOnRecordWithWhoAndWhy() {
    var event =
        send(
            UsageRecord.newBuilder()
                .setIdempotencyKey("raw")
                .setProvider("openai")
                .setModel(MODEL)
                .setRawUsage("{\"prompt_tokens\":1000000,\"completion_tokens\":0}"));
    var right = "{\"prompt_tokens\":3000000,\"completion_tokens\":0}";
    assertThat(correct(correction(event).setRawUsage(right)).getAfter()).isEqualTo("6");
    assertThat(
            service.column("select raw from usage_event where event_id = '" + event.getId() + "'"))
        .containsExactly(right);
    assertThat(
            service.column(
                """
                select c.actor_id || ' ' || c.reason || ' ' || c.raw || ' ' || q.quantity
                from usage_correction c join usage_correction_quantity q using (tenant_id, event_id, number)
                where c.event_id = '%s'"""
                    .formatted(event.getId())))
        .containsExactly(
            owner.id()
                + " it was wrong {\"prompt_tokens\":1000000,\"completion_tokens\":0} 1000000");
    assertThat(
            service.column(
                "select action from audit_entry where resource_id = '" + event.getId() + "'"))
        .containsExactly("agentserver.agentrun.v1.UsageService/CorrectUsage");
  }

  @Test
  void whatIsVoidCostsNothingAndIsNotPricedAgain() {
    var event = send(record("a", 1_000_000, 1));
    var done = correct(correction(event).setVoided(true)).getEvent();
    assertThat(done.getUsageState()).isEqualTo(UsageState.USAGE_STATE_VOID);
    assertThat(done.getTotal()).isEqualTo("0");
    assertThat(done.getQuantitiesList()).isEmpty();
    assertThat(correct(correction(event).setVoided(true)).getEvent()).isEqualTo(done);
    service.prices().set(MODEL, Unit.INPUT, "3");
    assertThat(owner.usage().repriceUsage(RepriceUsageRequest.getDefaultInstance()).getChanged())
        .isZero();
    assertThat(cost()).isEqualTo("0");
    assertThat(correct(used(event, 1_000_000, 0)).getAfter()).isEqualTo("3");
    assertThat(cost()).isEqualTo("3");
  }

  @Test
  void whatHadNoPriceCanComeToOneAndTheOtherWayRound() {
    var event = send(record("a", 1_000_000, 0).setModel("nobody-knows"));
    var quantities =
        UsageQuantities.newBuilder()
            .addQuantities(quantity(Unit.INPUT, "1000000").toBuilder().setModel(MODEL));
    var priced = correct(correction(event).setQuantities(quantities));
    assertThat(priced.getBefore()).isEmpty();
    assertThat(priced.getAfter()).isEqualTo("2");
    var back = correct(used(event, 5, 0));
    assertThat(back.getAfter()).isEmpty();
    assertThat(back.getEvent().getPriceState()).isEqualTo(PriceState.PRICE_STATE_UNPRICED);
    assertThat(cost()).isEqualTo("0");
  }

  @Test
  void budgetsFollowAndSoDoesWhetherAHoldWasEnough() {
    var budget =
        Budget.newBuilder()
            .setName("b")
            .setScope(Budget.Scope.SCOPE_TENANT)
            .setPeriod(Budget.Period.PERIOD_MONTH)
            .setLimit("100");
    owner.budgets().createBudget(CreateBudgetRequest.newBuilder().setBudget(budget).build());
    var hold =
        owner.budgets().reserveBudget(ReserveBudgetRequest.newBuilder().setAmount("3").build());
    var record = record("a", 1_000_000, 0).setHoldId(hold.getId());
    var event = send(record);
    assertThat(event.getOverHold()).isFalse();
    assertThat(correct(used(event, 2_000_000, 0)).getEvent().getOverHold()).isTrue();
    assertThat(
            service.column(
                "select settled from budget_period where tenant_id = '%s'"
                    .formatted(owner.tenant())))
        .containsExactly("4.000000000000");
    service.prices().set(MODEL, Unit.INPUT, "1");
    owner.usage().repriceUsage(RepriceUsageRequest.getDefaultInstance());
    assertThat(send(record).getOverHold()).isFalse();
    correct(correction(event).setVoided(true));
    assertThat(
            service.column(
                "select settled from budget_period where tenant_id = '%s'"
                    .formatted(owner.tenant())))
        .containsExactly("0.000000000000");
  }

  @Test
  void whatIsNoUsageIsRefusedAndNothingHappens() {
    var event = send(record("a", 1, 1));
    for (var bad :
        List.of(
            "{",
            "{}",
            "{\"prompt_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":50},\"completion_tokens\":1}")) {
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () -> correct(correction(event).setRawUsage(bad)))
          .field("raw_usage");
    }
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> correct(correction(event)));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> correct(correction(event).setEventId(UUID.randomUUID().toString()).setVoided(true)));
    var other = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> other.usage().correctUsage(correction(event).setVoided(true).build()));
    var member = service.person(owner.tenant(), "MEMBER");
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> member.usage().correctUsage(correction(event).setVoided(true).build()));
    assertThat(cost()).isEqualTo("0.00001");
  }

  @Test
  void whoeverCorrectsWhileOthersRecordAndRepriceLosesNothing() throws Exception {
    var random = new Random(5);
    var events = new ArrayList<UsageEvent>();
    for (var n = 0; n < 12; n++) {
      events.add(send(record("e" + n, random.nextInt(100_000), random.nextInt(1_000))));
    }
    var work = new ArrayList<Callable<Object>>();
    for (var n = 0; n < 60; n++) {
      var request = used(events.get(random.nextInt(12)), random.nextInt(100_000), n);
      var price = Integer.toString(random.nextInt(1_000_000));
      var key = "more" + n;
      work.add(
          () -> {
            try {
              return correct(request);
            } catch (io.grpc.StatusRuntimeException busy) {
              assertThat(busy.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
              return busy;
            }
          });
      work.add(() -> send(record(key, 7, 7)));
      work.add(
          () -> {
            service.prices().set(MODEL, Unit.INPUT, price);
            return owner.usage().repriceUsage(RepriceUsageRequest.getDefaultInstance());
          });
    }
    try (var pool = Executors.newFixedThreadPool(6)) {
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
    }
    assertThat(owner.verify().getEvents()).isEqualTo(72);
  }
}
