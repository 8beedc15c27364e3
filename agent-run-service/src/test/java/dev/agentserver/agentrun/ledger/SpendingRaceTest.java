package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.ledger.LedgerHarness.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.Budget.Scope;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.ReleaseBudgetHoldRequest;
import dev.agentserver.agentrun.v1.ReserveBudgetRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Many who reserve and spend at once, from budgets some of which are made meanwhile. In the long
/// form: `-Dledger.writers=64 -Dledger.budgets=16 -Dledger.rounds=200`.
class SpendingRaceTest {
  private static final int WRITERS = Integer.getInteger("ledger.writers", 16);
  private static final int BUDGETS = Integer.getInteger("ledger.budgets", 4);
  private static final int ROUNDS = Integer.getInteger("ledger.rounds", 15);
  private static final long SEED = Long.getLong("ledger.seed", 7L);
  private static final String LIMIT = "0.05";

  /// A thousandth of a dollar.
  private static final long TOKENS = 500;

  private static final String AMOUNT = "0.001";

  @Test
  void noBudgetIsReservedBeyondItsLimitAndEveryOneIsWhatTheLedgerSays() throws Exception {
    try (var service = new LedgerHarness();
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var tenant = UUID.randomUUID();
      var owner = service.person(tenant, "TENANT_OWNER");
      var users = new ArrayList<Person>();
      for (var n = 0; n < BUDGETS; n++) {
        users.add(service.person(tenant, "MEMBER"));
      }
      create(owner, Scope.SCOPE_TENANT, "");
      var over = new AtomicBoolean();
      var work = new ArrayList<Callable<Integer>>();
      for (var writer = 0; writer < WRITERS; writer++) {
        var user = users.get(writer % users.size());
        var random = new Random(SEED + writer);
        work.add(() -> write(user, random));
      }
      for (var user : users.subList(1, users.size())) {
        work.add(
            () -> {
              create(owner, Scope.SCOPE_USER, user.id().toString());
              return 0;
            });
      }
      var done = new AtomicBoolean();
      var watch = pool.submit(() -> watch(service, done, over));
      var spent = total(pool.invokeAll(work));
      done.set(true);
      watch.get();
      assertThat(over).isFalse();
      var reply = owner.verify();
      assertThat(reply.getDiscrepanciesList()).isEmpty();
      assertThat(reply.getEvents()).isEqualTo(spent);
      assertThat(new BigDecimal(reply.getCost()))
          .isEqualByComparingTo(new BigDecimal(AMOUNT).multiply(BigDecimal.valueOf(spent)));
      assertThat(
              service.column(
                  """
                  select subject_id || data::text from outbox_fact where type = 'budget.threshold_reached'
                  group by 1 having count(*) > 1\
                  """))
          .isEmpty();
      assertThat(
              service.column(
                  "select count(*) from outbox_fact where type = 'budget.threshold_reached'"))
          .isEqualTo(service.column("select count(*) from budget_alert"));
    }
  }

  private static int total(List<Future<Integer>> done) throws Exception {
    var total = 0;
    for (var one : done) {
      total += one.get();
    }
    return total;
  }

  private static Budget create(Person owner, Scope scope, String id) {
    var budget =
        Budget.newBuilder()
            .setName("b")
            .setScope(scope)
            .setScopeId(id)
            .setPeriod(Budget.Period.PERIOD_MONTH)
            .setLimit(LIMIT)
            .setHard(true)
            .addThresholds(10)
            .addThresholds(50);
    return owner.budgets().createBudget(CreateBudgetRequest.newBuilder().setBudget(budget).build());
  }

  /// Reserves, and spends what was reserved or gives it back. Returns how often it has spent.
  private static int write(Person user, Random random) {
    var spent = 0;
    for (var round = 0; round < ROUNDS; round++) {
      try {
        var hold =
            user.budgets()
                .reserveBudget(ReserveBudgetRequest.newBuilder().setAmount(AMOUNT).build());
        if (random.nextInt(4) == 0) {
          user.budgets()
              .releaseBudgetHold(
                  ReleaseBudgetHoldRequest.newBuilder().setHoldId(hold.getId()).build());
        } else {
          var record =
              record(UUID.randomUUID().toString(), TOKENS, 0).setHoldId(hold.getId()).build();
          var request = RecordUsageRequest.newBuilder().setRecord(record).build();
          user.usage().recordUsage(request);
          user.usage().recordUsage(request);
          spent++;
        }
      } catch (StatusRuntimeException refused) {
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      }
    }
    return spent;
  }

  private static boolean watch(LedgerHarness service, AtomicBoolean done, AtomicBoolean over) {
    while (!done.get()) {
      var beyond =
          service.column(
              """
              select 1 from budget_period p join budget b on b.tenant_id = p.tenant_id and b.budget_id = p.budget_id
              where p.settled + p.held > b.limit_amount\
              """);
      if (!beyond.isEmpty()) {
        over.set(true);
      }
    }
    return true;
  }
}
