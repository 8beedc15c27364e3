package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static org.jooq.impl.DSL.noCondition;

import dev.agentserver.kit.identity.Caller;
import org.jooq.Condition;

/// Who may touch which run. Access is part of every query, so that a stranger's id is simply not
/// found.
enum Access {
  READ("run:read"),
  WRITE("run:write");

  private final String permission;

  Access(String permission) {
    this.permission = permission;
  }

  /// True of the caller's own runs, or any of the tenant's. A run may touch itself and those that
  /// work for it.
  Condition to(Caller caller) {
    return RUN.TENANT_ID
        .eq(caller.tenantId())
        .and(caller.mayAny(permission) ? noCondition() : RUN.USER_ID.eq(caller.principalId()))
        .and(
            caller.run() == null
                ? noCondition()
                : RUN.RUN_ID
                    .eq(caller.run().runId())
                    .or(RUN.PARENT_RUN_ID.eq(caller.run().runId())));
  }
}
