package dev.agentserver.conversation.tree;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import dev.agentserver.kit.identity.Caller;
import java.util.UUID;
import org.jooq.Field;

/// The branch somebody is on in a conversation.
public final class ActiveBranch {
  private ActiveBranch() {}

  /// The caller's; of one who is no member the owner's.
  public static Field<Integer> of(Caller caller, Field<UUID> tenantId, Field<UUID> conversationId) {
    var own = CONVERSATION_MEMBER.as("own_place");
    return coalesce(
        field(
            select(own.ACTIVE_BRANCH_NO)
                .from(own)
                .where(own.TENANT_ID.eq(tenantId))
                .and(own.CONVERSATION_ID.eq(conversationId))
                .and(own.USER_ID.eq(caller.principalId()))),
        ofOwner(tenantId, conversationId));
  }

  /// The owner's; the first where the owner is gone.
  public static Field<Integer> ofOwner(Field<UUID> tenantId, Field<UUID> conversationId) {
    var owner = CONVERSATION_MEMBER.as("owner_place");
    var owned = CONVERSATION.as("owned");
    return coalesce(
        field(
            select(owner.ACTIVE_BRANCH_NO)
                .from(owned)
                .join(owner)
                .on(owner.TENANT_ID.eq(owned.TENANT_ID))
                .and(owner.CONVERSATION_ID.eq(owned.CONVERSATION_ID))
                .and(owner.USER_ID.eq(owned.OWNER_ID))
                .where(owned.TENANT_ID.eq(tenantId))
                .and(owned.CONVERSATION_ID.eq(conversationId))),
        inline(Branch.FIRST));
  }
}
