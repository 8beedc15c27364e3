package dev.agentserver.agentrun.ledger.budget;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import com.google.protobuf.Duration;
import dev.agentserver.agentrun.ledger.UsageProto;
import dev.agentserver.agentrun.ledger.budget.Budget.Period;
import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import dev.agentserver.agentrun.ledger.budget.Budget.Scope;
import dev.agentserver.agentrun.ledger.budget.Budget.Terms;
import dev.agentserver.agentrun.ledger.budget.Budgets.Status;
import dev.agentserver.agentrun.v1.BudgetHold;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Between the contract of budgets and ours.
public final class BudgetProto {
  private static final UUID UNSAID = new UUID(0, 0);
  private static final java.time.Duration TTL = java.time.Duration.ofMinutes(10);

  private BudgetProto() {}

  static Terms terms(dev.agentserver.agentrun.v1.Budget budget) {
    return new Terms(
        clean(budget.getName()),
        new BigDecimal(budget.getLimit()),
        budget.getHard(),
        budget.getThresholdsList());
  }

  static Scope scope(dev.agentserver.agentrun.v1.Budget budget) {
    return switch (budget.getScope()) {
      case SCOPE_TENANT -> Scope.TENANT;
      case SCOPE_PROJECT -> Scope.PROJECT;
      case SCOPE_USER -> Scope.USER;
      case SCOPE_AGENT -> Scope.AGENT;
      case SCOPE_SESSION -> Scope.SESSION;
      case SCOPE_RUN -> Scope.RUN;
      case SCOPE_UNSPECIFIED, UNRECOGNIZED -> throw Problem.invalid("budget.scope", "is required");
    };
  }

  static Period period(dev.agentserver.agentrun.v1.Budget budget) {
    return switch (budget.getPeriod()) {
      case PERIOD_DAY -> Period.DAY;
      case PERIOD_WEEK -> Period.WEEK;
      case PERIOD_MONTH -> Period.MONTH;
      case PERIOD_TOTAL -> Period.TOTAL;
      case PERIOD_UNSPECIFIED, UNRECOGNIZED ->
          throw Problem.invalid("budget.period", "is required");
    };
  }

  /// Above zero.
  static BigDecimal amount(String amount) {
    var number = new BigDecimal(amount);
    if (number.signum() == 0) {
      throw Problem.invalid("amount", "must be above zero");
    }
    return number;
  }

  static java.time.Duration ttl(boolean said, Duration ttl) {
    return said ? java.time.Duration.ofSeconds(ttl.getSeconds(), ttl.getNanos()) : TTL;
  }

  /// A budget and how it stands.
  public static dev.agentserver.agentrun.v1.Budget toProto(Status status) {
    var budget = status.budget();
    var proto =
        dev.agentserver.agentrun.v1.Budget.newBuilder()
            .setId(budget.id().toString())
            .setName(budget.terms().name())
            .setScope(
                dev.agentserver.agentrun.v1.Budget.Scope.valueOf("SCOPE_" + budget.scope().name()))
            .setScopeId(budget.scope() == Scope.TENANT ? "" : budget.scopeId().toString())
            .setPeriod(
                dev.agentserver.agentrun.v1.Budget.Period.valueOf(
                    "PERIOD_" + budget.period().name()))
            .setLimit(UsageProto.decimal(budget.terms().limit()))
            .setHard(budget.terms().hard())
            .addAllThresholds(budget.terms().thresholds())
            .setEtag(Long.toString(budget.version()))
            .setSettled(UsageProto.decimal(status.settled()))
            .setHeld(UsageProto.decimal(status.held()))
            .addAllAlerts(status.alerts())
            .setCreatedAt(timestamp(budget.createdAt()))
            .setUpdatedAt(timestamp(budget.updatedAt()));
    if (budget.period() != Period.TOTAL) {
      proto.setPeriodStart(timestamp(status.start()));
    }
    return proto.build();
  }

  /// A reply that was kept.
  static Status fromProto(dev.agentserver.agentrun.v1.Budget proto) {
    return new Status(
        new Budget(
            UNSAID,
            UUID.fromString(proto.getId()),
            scope(proto),
            proto.getScopeId().isEmpty() ? UNSAID : UUID.fromString(proto.getScopeId()),
            period(proto),
            terms(proto),
            Long.parseLong(proto.getEtag()),
            instant("created_at", proto.getCreatedAt()),
            instant("updated_at", proto.getUpdatedAt())),
        proto.hasPeriodStart() ? instant("period_start", proto.getPeriodStart()) : Instant.EPOCH,
        new BigDecimal(proto.getSettled()),
        new BigDecimal(proto.getHeld()),
        proto.getAlertsList());
  }

  static BudgetHold toProto(Hold hold) {
    return BudgetHold.newBuilder()
        .setId(hold.id().toString())
        .setAmount(UsageProto.decimal(hold.amount()))
        .setState(BudgetHold.State.valueOf("STATE_" + hold.state().name()))
        .addAllBudgetIds(
            hold.periods().stream().map(key -> key.budgetId().toString()).sorted().toList())
        .setExpiresAt(timestamp(hold.expiresAt()))
        .build();
  }

  /// A reply that was kept.
  static Hold fromProto(BudgetHold proto) {
    return new Hold(
        UNSAID,
        UUID.fromString(proto.getId()),
        null,
        null,
        new BigDecimal(proto.getAmount()),
        Hold.State.valueOf(proto.getState().name().substring("STATE_".length())),
        instant("expires_at", proto.getExpiresAt()),
        keys(proto.getBudgetIdsList()));
  }

  private static List<PeriodKey> keys(List<String> budgets) {
    return budgets.stream()
        .map(id -> new PeriodKey(UNSAID, UUID.fromString(id), Instant.EPOCH))
        .toList();
  }
}
