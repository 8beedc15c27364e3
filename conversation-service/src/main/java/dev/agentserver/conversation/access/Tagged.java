package dev.agentserver.conversation.access;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_TAG;
import static dev.agentserver.conversation.db.Tables.TAG;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.kit.identity.Caller;
import java.util.UUID;
import org.jooq.Condition;

/// Conversations by their tags.
public final class Tagged {
  private Tagged() {}

  /// True of those with this tag, if it is one that the caller sees.
  public static Condition with(Caller caller, UUID tagId) {
    return exists(
        selectOne()
            .from(CONVERSATION_TAG)
            .join(TAG)
            .on(TAG.TENANT_ID.eq(CONVERSATION_TAG.TENANT_ID))
            .and(TAG.TAG_ID.eq(CONVERSATION_TAG.TAG_ID))
            .where(CONVERSATION_TAG.TENANT_ID.eq(CONVERSATION.TENANT_ID))
            .and(CONVERSATION_TAG.TAG_ID.eq(tagId))
            .and(CONVERSATION_TAG.CONVERSATION_ID.eq(CONVERSATION.CONVERSATION_ID))
            .and(TAG.OWNER_ID.isNull().or(TAG.OWNER_ID.eq(caller.principalId()))));
  }
}
