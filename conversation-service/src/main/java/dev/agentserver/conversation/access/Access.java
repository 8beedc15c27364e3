package dev.agentserver.conversation.access;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/// Who may touch which conversation. Access is part of every query, so that a stranger's id is
/// simply not found.
public enum Access {
  READ("conversation:read", MemberRole.VIEWER),
  WRITE("conversation:write", MemberRole.EDITOR),
  DELETE("conversation:delete", MemberRole.OWNER),
  SHARE("conversation:share", MemberRole.OWNER);

  private final String permission;
  private final MemberRole least;

  Access(String permission, MemberRole least) {
    this.permission = permission;
    this.least = least;
  }

  /// True of a conversation that is not deleted and that this caller may read.
  public static Condition readable(Caller caller, Field<UUID> conversationId) {
    return exists(
        selectOne()
            .from(CONVERSATION)
            .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
            .and(CONVERSATION.DELETED_AT.isNull())
            .and(READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)));
  }

  /// True of the conversations this caller may touch in this way: as a member of high enough role,
  /// as everybody in the tenant, or any of the tenant's. A run may touch its own only.
  public Condition to(Caller caller, Field<UUID> tenantId, Field<UUID> conversationId) {
    return tenantId
        .eq(caller.tenantId())
        .and(within(caller.run(), conversationId))
        .and(caller.mayAny(permission) ? noCondition() : member(caller, conversationId));
  }

  private static Condition within(@Nullable RunScope run, Field<UUID> conversationId) {
    if (run == null) {
      return noCondition();
    }
    return run.conversationId() == null
        ? falseCondition()
        : conversationId.eq(run.conversationId());
  }

  /// Locks a conversation's row until the transaction ends; false: the caller may not touch it in
  /// this way.
  public boolean lock(DSLContext db, Caller caller, UUID conversationId) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .forNoKeyUpdate()
        .fetch()
        .isNotEmpty();
  }

  /// Tells why a conversation was not among those the caller may touch: to one that may read it,
  /// because its role is too low; to everybody else it does not exist.
  public ProblemException refusal(DSLContext db, Caller caller, UUID conversationId) {
    var readable =
        db.fetchExists(
            selectOne()
                .from(CONVERSATION)
                .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
                .and(READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
                .and(CONVERSATION.DELETED_AT.isNull()));
    return readable
        ? new Problem.Denied("member:" + least).raise()
        : new Problem.NotFound("conversation", conversationId.toString()).raise();
  }

  private Condition member(Caller caller, Field<UUID> conversationId) {
    var roles =
        Arrays.stream(MemberRole.values())
            .filter(role -> role.compareTo(least) >= 0)
            .map(Enum::name)
            .toList();
    var membership = membership(caller, conversationId, roles);
    return least == MemberRole.OWNER
        ? membership
        : membership.or(open(caller, conversationId, roles));
  }

  /// Looked at only where the caller is no member.
  private static Condition open(Caller caller, Field<UUID> conversationId, List<String> roles) {
    var open = CONVERSATION.as("open");
    return exists(
        selectOne()
            .from(open)
            .where(open.TENANT_ID.eq(caller.tenantId()))
            .and(open.CONVERSATION_ID.eq(conversationId))
            .and(open.TENANT_ROLE.in(roles)));
  }

  private Condition membership(Caller caller, Field<UUID> conversationId, List<String> roles) {
    var member = CONVERSATION_MEMBER.as("access");
    return exists(
        selectOne()
            .from(member)
            .where(member.TENANT_ID.eq(caller.tenantId()))
            .and(member.CONVERSATION_ID.eq(conversationId))
            .and(member.USER_ID.eq(caller.principalId()))
            .and(least == MemberRole.VIEWER ? noCondition() : member.ROLE.in(roles)));
  }
}
