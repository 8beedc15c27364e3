package dev.agentserver.agentrun.ledger.budget;

import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.agentrun.ledger.budget.Budgets.Status;
import dev.agentserver.agentrun.ledger.record.Report.Purpose;
import dev.agentserver.agentrun.v1.Budget;
import dev.agentserver.agentrun.v1.BudgetHold;
import dev.agentserver.agentrun.v1.BudgetServiceGrpc;
import dev.agentserver.agentrun.v1.CreateBudgetRequest;
import dev.agentserver.agentrun.v1.DeleteBudgetRequest;
import dev.agentserver.agentrun.v1.ExtendBudgetHoldRequest;
import dev.agentserver.agentrun.v1.GetBudgetRequest;
import dev.agentserver.agentrun.v1.ListBudgetsRequest;
import dev.agentserver.agentrun.v1.ListBudgetsResponse;
import dev.agentserver.agentrun.v1.ReleaseBudgetHoldRequest;
import dev.agentserver.agentrun.v1.ReserveBudgetRequest;
import dev.agentserver.agentrun.v1.UpdateBudgetRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// BudgetService: translation between the contract and [Budgets] and [Holds].
final class BudgetRpc implements BindableService {
  private final Budgets budgets;
  private final Holds holds;
  private final PageSizes pages;

  BudgetRpc(Budgets budgets, Holds holds, PageSizes pages) {
    this.budgets = budgets;
    this.holds = holds;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(BudgetServiceGrpc.getServiceDescriptor())
        .unary(BudgetServiceGrpc.getCreateBudgetMethod(), this::create)
        .unary(BudgetServiceGrpc.getGetBudgetMethod(), this::get)
        .unary(BudgetServiceGrpc.getListBudgetsMethod(), this::list)
        .unary(BudgetServiceGrpc.getUpdateBudgetMethod(), this::update)
        .unary(BudgetServiceGrpc.getDeleteBudgetMethod(), this::delete)
        .unary(BudgetServiceGrpc.getReserveBudgetMethod(), this::reserve)
        .unary(BudgetServiceGrpc.getExtendBudgetHoldMethod(), this::extend)
        .unary(BudgetServiceGrpc.getReleaseBudgetHoldMethod(), this::release)
        .build();
  }

  private Budget create(CreateBudgetRequest request) {
    var budget = request.getBudget();
    return BudgetProto.toProto(
        budgets.create(
            Callers.current(),
            attempt(BudgetServiceGrpc.getCreateBudgetMethod(), request),
            BudgetProto.scope(budget),
            uuidOrNull(budget.getScopeId()),
            BudgetProto.period(budget),
            BudgetProto.terms(budget)));
  }

  private Budget get(GetBudgetRequest request) {
    return BudgetProto.toProto(
        budgets.get(Callers.current(), UUID.fromString(request.getBudgetId())));
  }

  private ListBudgetsResponse list(ListBudgetsRequest request) {
    var caller = Callers.current();
    var method = BudgetServiceGrpc.getListBudgetsMethod().getFullMethodName();
    var scope = new PageScope(caller, method, "");
    var after = scope.position(request.getPageToken(), BudgetRpc::position).orElse(null);
    var page = budgets.list(caller, after, pages.of(request.getPageSize()));
    var next = page.next();
    return ListBudgetsResponse.newBuilder()
        .addAllBudgets(page.budgets().stream().map(BudgetProto::toProto).toList())
        .setNextPageToken(
            next == null
                ? ""
                : scope.token(List.of(next.createdAt().toString(), next.id().toString())))
        .build();
  }

  private static BudgetStore.Position position(List<String> position) {
    return new BudgetStore.Position(
        Instant.parse(position.get(0)), UUID.fromString(position.get(1)));
  }

  private Budget update(UpdateBudgetRequest request) {
    var budget = request.getBudget();
    if (budget.getId().isEmpty()) {
      throw Problem.invalid("budget.id", "is required");
    }
    return BudgetProto.toProto(
        budgets.update(
            Callers.current(),
            attempt(BudgetServiceGrpc.getUpdateBudgetMethod(), request),
            UUID.fromString(budget.getId()),
            budget.getEtag(),
            BudgetProto.terms(budget)));
  }

  private Empty delete(DeleteBudgetRequest request) {
    var attempt =
        Attempts.<DeleteBudgetRequest, Empty, Boolean>of(
            BudgetServiceGrpc.getDeleteBudgetMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    budgets.delete(Callers.current(), attempt, UUID.fromString(request.getBudgetId()));
    return Empty.getDefaultInstance();
  }

  private BudgetHold reserve(ReserveBudgetRequest request) {
    var purpose =
        new Purpose(uuidOrNull(request.getRunId()), 0, null, null, null, null, null, null, null);
    return BudgetProto.toProto(
        holds.reserve(
            Callers.current(),
            holdAttempt(BudgetServiceGrpc.getReserveBudgetMethod(), request),
            purpose,
            BudgetProto.amount(request.getAmount()),
            BudgetProto.ttl(request.hasTtl(), request.getTtl())));
  }

  private BudgetHold extend(ExtendBudgetHoldRequest request) {
    return BudgetProto.toProto(
        holds.extend(
            Callers.current(),
            holdAttempt(BudgetServiceGrpc.getExtendBudgetHoldMethod(), request),
            UUID.fromString(request.getHoldId()),
            request.getAmount().isEmpty() ? BigDecimal.ZERO : new BigDecimal(request.getAmount()),
            BudgetProto.ttl(request.hasTtl(), request.getTtl())));
  }

  private BudgetHold release(ReleaseBudgetHoldRequest request) {
    return BudgetProto.toProto(
        holds.release(Callers.current(), UUID.fromString(request.getHoldId())));
  }

  private static <Q extends Message> Attempt<Status> attempt(
      MethodDescriptor<Q, Budget> method, Q request) {
    return Attempts.of(method, request, BudgetProto::toProto, BudgetProto::fromProto);
  }

  private static <Q extends Message> Attempt<Hold> holdAttempt(
      MethodDescriptor<Q, BudgetHold> method, Q request) {
    return Attempts.of(method, request, BudgetProto::toProto, BudgetProto::fromProto);
  }
}
