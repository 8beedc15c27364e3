package dev.agentserver.agentrun.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.BudgetServiceGrpc;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.GetCostRequest;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.VerifyLedgerRequest;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.identity.Caller;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// An erased user is forgotten, and what was billed is not.
class ForgetTest {
  @Test
  void usageOfAnErasedUserIsThatOfNobody() {
    try (var service = Harness.start()) {
      var tenant = UUID.randomUUID();
      var carol = service.caller(tenant, "MEMBER");
      var owner = service.caller(tenant, "TENANT_OWNER");
      var books = UsageServiceGrpc.newBlockingStub(service.channel(owner));
      for (var caller : new Caller[] {carol, owner}) {
        var record = LedgerHarness.record(UUID.randomUUID().toString(), 1_000, 10);
        UsageServiceGrpc.newBlockingStub(service.channel(caller))
            .recordUsage(RecordUsageRequest.newBuilder().setRecord(record).build());
      }
      BudgetServiceGrpc.newBlockingStub(service.channel(owner))
          .createBudget(
              CreateBudgetRequest.newBuilder()
                  .setBudget(
                      Budget.newBuilder()
                          .setName("b")
                          .setScope(Budget.Scope.SCOPE_USER)
                          .setScopeId(carol.principalId().toString())
                          .setPeriod(Budget.Period.PERIOD_DAY)
                          .setLimit("1"))
                  .build());
      var before = books.verifyLedger(VerifyLedgerRequest.getDefaultInstance());
      assertThat(before.getDiscrepanciesList()).isEmpty();
      assertThat(service.erase(new Erased(tenant, UUID.randomUUID(), carol.principalId())))
          .isZero();
      assertThat(books.verifyLedger(VerifyLedgerRequest.getDefaultInstance())).isEqualTo(before);
      assertThat(
              books
                  .getCost(
                      GetCostRequest.newBuilder().setUserId(carol.principalId().toString()).build())
                  .getOwn()
                  .getEvents())
          .isZero();
      for (var table : new String[] {"usage_day_user", "usage_month_user"}) {
        assertThat(
                service.column(
                    "select events || ' ' || input_tokens from agent_run.%s where user_id = '%s'"
                        .formatted(table, new UUID(0, 0))))
            .containsExactly("1 1000");
      }
      assertThat(service.column("select count(*) from agent_run.budget")).containsExactly("0");
      assertThat(service.erase(new Erased(tenant, UUID.randomUUID(), null))).isZero();
      assertThat(service.column("select count(*) from agent_run.usage_line")).containsExactly("0");
    }
  }
}
