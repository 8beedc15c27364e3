package dev.agentserver.conversation.context;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Stores summaries of paths, and finds those that tell of one.
public final class Checkpoints {
  private static final int TRIED = 20;

  private final Database database;
  private final CheckpointStore store = new CheckpointStore();

  public Checkpoints(Database database) {
    this.database = database;
  }

  /// Stores one in place of the one that there is. The conversation is locked: a message that is
  /// deleted meanwhile takes it along.
  Checkpoint put(
      Caller caller,
      UUID conversationId,
      UUID messageId,
      String summary,
      @Nullable Integer tokens) {
    return database.write(
        db -> {
          if (!store.lock(db, caller, conversationId)) {
            throw Access.WRITE.refusal(db, caller, conversationId);
          }
          return store
              .put(db, caller.tenantId(), conversationId, messageId, summary, tokens)
              .orElseThrow(() -> new Problem.NotFound("message", messageId.toString()).raise());
        });
  }

  /// Those on the path to a message that tell of messages from a depth on: the shortest first.
  List<Checkpoint> onPath(Caller caller, Message leaf, int low) {
    return database.read(db -> store.onPath(db, caller.tenantId(), leaf, low, TRIED)).reversed();
  }
}
