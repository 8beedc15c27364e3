package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.agentrun.agent.Agent.Visibility;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;

/// Who may touch which agent. Access is part of every query, so that a stranger's id is simply not
/// found.
enum Access {
  /// See and use: the owner, and everybody of the tenant where it is shared.
  READ("agent:read"),
  WRITE("agent:write"),
  DELETE("agent:delete");

  private final String permission;

  Access(String permission) {
    this.permission = permission;
  }

  /// True of the agents this caller may touch in this way.
  Condition to(Caller caller) {
    var there = AGENT.TENANT_ID.eq(caller.tenantId()).and(AGENT.DELETED_AT.isNull());
    return there.and(caller.mayAny(permission) ? noCondition() : own(caller));
  }

  /// Whether the caller may touch any agent in this way.
  boolean mayBeUsedBy(Caller caller) {
    return caller.may(permission) || caller.mayAny(permission);
  }

  /// Their own, and for those who only look, those that others share.
  Condition own(Caller caller) {
    var own = AGENT.OWNER_ID.eq(caller.principalId());
    return this == READ ? own.or(AGENT.VISIBILITY.eq(Visibility.TENANT.name())) : own;
  }

  /// Tells why an agent was not among those the caller may touch: to one that may read it, because
  /// it is somebody else's; to everybody else it does not exist.
  ProblemException refusal(DSLContext db, Caller caller, UUID agentId) {
    var readable =
        db.fetchExists(
            selectOne().from(AGENT).where(AGENT.AGENT_ID.eq(agentId)).and(READ.to(caller)));
    return readable
        ? new Problem.Denied("member:OWNER").raise()
        : new Problem.NotFound(Agents.RESOURCE, agentId.toString()).raise();
  }
}
