package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Part;
import dev.agentserver.conversation.message.State;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happened.
public sealed interface Change {
  /// A message was added; this is how it was then.
  record MessageCreated(Message message) implements Change {}

  /// A message that is being written got a part.
  record PartStarted(UUID messageId, int part, Part start) implements Change {}

  /// The part grew, at `offset` code points.
  record PartDelta(UUID messageId, int part, int offset, String text) implements Change {}

  /// The part is whole.
  record PartDone(UUID messageId, int part, int length, String signature) implements Change {}

  /// The message takes no more text.
  record MessageEnded(
      UUID messageId,
      State state,
      String reason,
      String finishReason,
      String model,
      @Nullable Integer inputTokens,
      @Nullable Integer outputTokens,
      String contentSha256,
      List<Integer> partLengths)
      implements Change {}

  /// The message has another state: somebody writes it again.
  record MessageUpdated(UUID messageId, State state) implements Change {}

  /// The message's content was taken out.
  record MessageDeleted(UUID messageId) implements Change {}

  /// A branch was opened by the author of the message that follows.
  record BranchCreated(int branchNo, int parentBranchNo, int forkDepth) implements Change {}

  /// A member went to another branch.
  ///
  /// @param userId null: the member was erased
  record BranchSwitched(@Nullable UUID userId, int branchNo) implements Change {}

  /// The conversation's own fields are these now, by their names in the contract.
  record ConversationUpdated(Map<String, String> fields) implements Change {}

  /// Somebody is something else in the conversation.
  ///
  /// @param userId null: everybody in the tenant
  /// @param role null: nothing any more
  record MemberChanged(@Nullable UUID userId, @Nullable MemberRole role) implements Change {}

  /// A reader said something else of a message than before.
  ///
  /// @param userId null: one who was erased
  record FeedbackChanged(UUID messageId, @Nullable UUID userId) implements Change {}

  /// A tag of the organization was put on, or taken off.
  record TagChanged(UUID tagId, boolean on) implements Change {}

  /// The conversation was deleted.
  record ConversationDeleted() implements Change {}
}
