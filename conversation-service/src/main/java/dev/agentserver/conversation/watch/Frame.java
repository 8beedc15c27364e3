package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.conversation.Conversation;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.tree.Branch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a watcher is sent.
public sealed interface Frame {
  /// Why a stream ends.
  enum Reason {
    DELETED,
    REVOKED,
    TOKEN_EXPIRED
  }

  /// Something happened.
  record Happened(Event event) implements Frame {}

  /// The state in place of events.
  ///
  /// @param seq what a watcher that goes away now resumes after
  /// @param branches those that the messages are on
  /// @param conversation on the last frame only
  /// @param last whether the snapshot is complete
  record Snapshot(
      long seq,
      List<Message> messages,
      List<Branch> branches,
      @Nullable Conversation conversation,
      boolean last)
      implements Frame {}

  /// Everything up to `seq` was delivered.
  record Heartbeat(long seq) implements Frame {}

  /// The stream ends here.
  record End(long seq, Reason reason) implements Frame {}
}
