package dev.agentserver.e2e.ledger;

import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.Budget.Scope;
import dev.agentserver.agentrun.v1.BudgetServiceGrpc;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.ListBudgetsRequest;
import dev.agentserver.agentrun.v1.UpdateBudgetRequest;
import dev.agentserver.e2e.client.User;
import io.grpc.MethodDescriptor;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

/// Makes budgets, and raises those that are nearly spent: so there is always little left, and never
/// nothing for long.
final class Treasurer {
  static final List<Integer> THRESHOLDS = List.of(10, 50, 90);

  private static final BigDecimal STEP = new BigDecimal("0.02");
  private static final BigDecimal STEP_OF_ALL = new BigDecimal("0.3");
  private static final BigDecimal NEARLY = new BigDecimal("0.9");
  private static final int MOST = 200;

  private final User owner;

  Treasurer(User owner) {
    this.owner = owner;
  }

  /// @param id empty: all usage
  void create(String id) {
    var budget =
        Budget.newBuilder()
            .setName("b")
            .setScope(id.isEmpty() ? Scope.SCOPE_TENANT : Scope.SCOPE_USER)
            .setScopeId(id)
            .setPeriod(Budget.Period.PERIOD_TOTAL)
            .setLimit(step(id).toPlainString())
            .setHard(true)
            .addAllThresholds(THRESHOLDS);
    var request =
        CreateBudgetRequest.newBuilder()
            .setBudget(budget)
            .setRequestId(UUID.randomUUID().toString());
    call(BudgetServiceGrpc.getCreateBudgetMethod(), request.build());
  }

  private static BigDecimal step(String id) {
    return id.isEmpty() ? STEP_OF_ALL : STEP;
  }

  List<Budget> budgets() {
    var request = ListBudgetsRequest.newBuilder().setPageSize(MOST).build();
    return call(BudgetServiceGrpc.getListBudgetsMethod(), request).getBudgetsList();
  }

  void raise() {
    for (var budget : budgets()) {
      var used = new BigDecimal(budget.getSettled()).add(new BigDecimal(budget.getHeld()));
      var limit = new BigDecimal(budget.getLimit());
      if (used.compareTo(limit.multiply(NEARLY)) >= 0) {
        var raised = used.max(limit).add(step(budget.getScopeId())).toPlainString();
        var request =
            UpdateBudgetRequest.newBuilder()
                .setBudget(budget.toBuilder().setLimit(raised))
                .setRequestId(UUID.randomUUID().toString());
        call(BudgetServiceGrpc.getUpdateBudgetMethod(), request.build());
      }
    }
  }

  private <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
    return Patience.until(() -> owner.grpc().call(method, request), () -> {});
  }
}
