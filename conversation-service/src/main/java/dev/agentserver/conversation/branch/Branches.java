package dev.agentserver.conversation.branch;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.tree.Branch;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds branches, and lets members go from one to another.
public final class Branches {
  /// A page, and the branch after which the next one begins; null on the last.
  record Page(List<Branch> branches, @Nullable Integer next) {}

  private final Database database;
  private final Feed feed;
  private final Entries entries;
  private final BranchStore store = new BranchStore();

  public Branches(Database database, Feed feed, Entries entries) {
    this.database = database;
    this.feed = feed;
    this.entries = entries;
  }

  Page list(Caller caller, UUID conversationId, int after, int size) {
    var found = database.read(db -> store.list(db, caller, conversationId, after, size + 1));
    if (found.isEmpty() && after < 0) {
      throw missing(conversationId);
    }
    return found.size() > size
        ? new Page(found.subList(0, size), found.get(size - 1).branchNo())
        : new Page(found, null);
  }

  /// Puts the caller on a branch.
  Branch goTo(Caller caller, UUID conversationId, int branchNo) {
    var tenant = caller.tenantId();
    return database.write(
        db -> {
          if (!Access.READ.lock(db, caller, conversationId)) {
            throw missing(conversationId);
          }
          var branch =
              store
                  .find(db, new StreamKey(tenant, conversationId), branchNo)
                  .orElseThrow(
                      () -> new Problem.NotFound("branch", Integer.toString(branchNo)).raise());
          if (entries.goTo(db, tenant, conversationId, caller.principalId(), branchNo)) {
            feed.append(db, tenant, conversationId, switched(caller.principalId(), branchNo));
          }
          return branch;
        });
  }

  private static EventRow switched(UUID userId, int branchNo) {
    var data = Map.of("user_id", userId.toString(), "branch_no", Integer.toString(branchNo));
    return EventRow.ofConversation(EventType.BRANCH_SWITCHED, MetadataJson.write(data));
  }

  private static RuntimeException missing(UUID conversationId) {
    return new Problem.NotFound("conversation", conversationId.toString()).raise();
  }
}
