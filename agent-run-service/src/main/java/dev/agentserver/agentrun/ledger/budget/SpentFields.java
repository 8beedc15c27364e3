package dev.agentserver.agentrun.ledger.budget;

import static dev.agentserver.agentrun.db.Tables.BUDGET;
import static dev.agentserver.agentrun.db.Tables.BUDGET_HOLD_PERIOD;
import static dev.agentserver.agentrun.db.Tables.USAGE_FACT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lower;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;

import dev.agentserver.agentrun.ledger.budget.Budget.Period;
import dev.agentserver.agentrun.ledger.budget.Budget.Scope;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// What a period of a budget has spent, by the ledger alone.
public final class SpentFields {
  private SpentFields() {}

  /// The sum for the row of `budget` at hand: of what was reserved for in the period, and of what
  /// was not reserved for and happened in it.
  public static Field<BigDecimal> of(Field<OffsetDateTime> start) {
    var hold = BUDGET_HOLD_PERIOD;
    var itsHolds =
        select(hold.HOLD_ID)
            .from(hold)
            .where(hold.TENANT_ID.eq(BUDGET.TENANT_ID))
            .and(hold.BUDGET_ID.eq(BUDGET.BUDGET_ID))
            .and(hold.STARTS_AT.eq(start));
    var reservedElsewhere =
        exists(
            selectOne()
                .from(hold)
                .where(hold.TENANT_ID.eq(BUDGET.TENANT_ID))
                .and(hold.HOLD_ID.eq(USAGE_FACT.HOLD_ID))
                .and(hold.BUDGET_ID.eq(BUDGET.BUDGET_ID)));
    return total(USAGE_FACT.HOLD_ID.in(itsHolds))
        .plus(total(not(reservedElsewhere).and(happenedIn(start))));
  }

  private static Field<BigDecimal> total(Condition which) {
    return field(
        select(coalesce(sum(USAGE_FACT.COST), inline(BigDecimal.ZERO)))
            .from(USAGE_FACT)
            .where(USAGE_FACT.TENANT_ID.eq(BUDGET.TENANT_ID))
            .and(counts())
            .and(which));
  }

  /// By the clock of UTC, whatever the session's is.
  private static Condition happenedIn(Field<OffsetDateTime> start) {
    var begun =
        DSL.function(
            "date_trunc",
            SQLDataType.OFFSETDATETIME,
            lower(BUDGET.PERIOD),
            USAGE_FACT.OCCURRED_AT,
            inline("UTC"));
    return BUDGET
        .PERIOD
        .eq(Period.TOTAL.name())
        .or(
            BUDGET
                .PERIOD
                .ne(Period.TOTAL.name())
                .and(USAGE_FACT.OCCURRED_AT.ge(start))
                .and(DSL.when(BUDGET.PERIOD.ne(Period.TOTAL.name()), begun).eq(start)));
  }

  private static Condition counts() {
    return BUDGET
        .SCOPE
        .eq(Scope.TENANT.name())
        .or(of(Scope.PROJECT, USAGE_FACT.PROJECT_ID))
        .or(of(Scope.USER, USAGE_FACT.USER_ID))
        .or(of(Scope.AGENT, USAGE_FACT.AGENT_ID))
        .or(of(Scope.SESSION, USAGE_FACT.SESSION_ID))
        .or(of(Scope.RUN, USAGE_FACT.RUN_ID));
  }

  private static Condition of(Scope scope, Field<UUID> id) {
    return BUDGET.SCOPE.eq(scope.name()).and(id.eq(BUDGET.SCOPE_ID));
  }
}
