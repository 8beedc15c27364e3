package dev.agentserver.conversation.member;

import dev.agentserver.conversation.Harness;
import dev.agentserver.conversation.v1.Conversation;
import java.util.UUID;

/// Very many members, none of whom ever says anything.
public final class Crowd {
  private Crowd() {}

  /// Lets so many into a conversation, for which nothing has happened for an hour.
  public static void join(Harness service, UUID tenant, Conversation conversation, int size) {
    service.sql(
        ("insert into conversation_member"
                + " (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at)"
                + " select '%s', '%s', gen_random_uuid(), 'VIEWER', now(), now() from generate_series(1, %d)")
            .formatted(tenant, conversation.getId(), size));
    service.sql(
        "update conversation_member set last_activity_at = now() - interval '1 hour' where conversation_id = '%s'"
            .formatted(conversation.getId()));
  }
}
