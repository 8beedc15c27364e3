package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.message.Origin;
import dev.agentserver.conversation.message.PartsJson;
import dev.agentserver.conversation.message.State;
import dev.agentserver.conversation.watch.Change.BranchCreated;
import dev.agentserver.conversation.watch.Change.BranchSwitched;
import dev.agentserver.conversation.watch.Change.ConversationDeleted;
import dev.agentserver.conversation.watch.Change.ConversationUpdated;
import dev.agentserver.conversation.watch.Change.FeedbackChanged;
import dev.agentserver.conversation.watch.Change.MemberChanged;
import dev.agentserver.conversation.watch.Change.MessageCreated;
import dev.agentserver.conversation.watch.Change.MessageDeleted;
import dev.agentserver.conversation.watch.Change.MessageEnded;
import dev.agentserver.conversation.watch.Change.MessageUpdated;
import dev.agentserver.conversation.watch.Change.PartDelta;
import dev.agentserver.conversation.watch.Change.PartDone;
import dev.agentserver.conversation.watch.Change.PartStarted;
import dev.agentserver.conversation.watch.Change.TagChanged;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a row says, in full.
final class Changes {
  private Changes() {}

  /// @param messages those that MESSAGE_CREATED rows are about, by id
  static Change of(EventRow row, Map<UUID, Message> messages) {
    return switch (row.type()) {
      case MESSAGE_CREATED -> new MessageCreated(created(row, messages.get(row.messageId())));
      case PART_STARTED ->
          new PartStarted(row.messageId(), row.part(), PartsJson.read(row.data()).getFirst());
      case PART_DELTA -> new PartDelta(row.messageId(), row.part(), row.offset(), row.content());
      case PART_DONE -> {
        var data = MetadataJson.read(row.data());
        yield new PartDone(
            row.messageId(),
            row.part(),
            Integer.parseInt(data.get("length")),
            data.getOrDefault("signature", ""));
      }
      case MESSAGE_COMPLETED, MESSAGE_FAILED ->
          ended(row.messageId(), MetadataJson.read(row.data()));
      case MESSAGE_UPDATED ->
          new MessageUpdated(
              row.messageId(), State.valueOf(MetadataJson.read(row.data()).get("state")));
      case MESSAGE_DELETED -> new MessageDeleted(row.messageId());
      case BRANCH_CREATED -> opened(MetadataJson.read(row.data()));
      case BRANCH_SWITCHED -> switched(MetadataJson.read(row.data()));
      case CONVERSATION_UPDATED -> new ConversationUpdated(MetadataJson.read(row.data()));
      case CONVERSATION_DELETED -> new ConversationDeleted();
      case MEMBER_CHANGED -> memberChanged(MetadataJson.read(row.data()));
      case FEEDBACK_CHANGED -> {
        var user = MetadataJson.read(row.data()).get("user_id");
        yield new FeedbackChanged(row.messageId(), user == null ? null : UUID.fromString(user));
      }
      case TAG_CHANGED -> tagChanged(MetadataJson.read(row.data()));
    };
  }

  /// A message that was written piece by piece had nothing in it yet: what its end has filled in
  /// since is taken out again, so that a late reader gets what an early one got.
  private static Message created(EventRow row, Message now) {
    if (row.data() == null) {
      return now;
    }
    var origin = now.origin();
    return new Message(
        now.id(),
        now.conversationId(),
        now.place(),
        now.role(),
        State.STREAMING,
        "",
        List.of(),
        now.place().seq(),
        now.attachments(),
        now.authorId(),
        new Origin(
            origin.runId(),
            origin.agentId(),
            MetadataJson.read(row.data()).get("model"),
            "",
            null,
            null,
            origin.routingDecision()),
        now.clientMessageId(),
        now.externalId(),
        now.metadata(),
        1,
        now.createdAt(),
        now.createdAt());
  }

  private static TagChanged tagChanged(Map<String, String> data) {
    return new TagChanged(
        UUID.fromString(data.get("tag_id")), Boolean.parseBoolean(data.get("on")));
  }

  private static MemberChanged memberChanged(Map<String, String> data) {
    var user = data.get("user_id");
    var role = data.get("role");
    return new MemberChanged(
        user == null ? null : UUID.fromString(user),
        role == null ? null : MemberRole.valueOf(role));
  }

  private static MessageEnded ended(UUID messageId, Map<String, String> data) {
    return new MessageEnded(
        messageId,
        State.valueOf(data.get("state")),
        data.get("state_reason"),
        data.get("finish_reason"),
        data.get("model"),
        number(data.get("input_tokens")),
        number(data.get("output_tokens")),
        data.get("content_sha256"),
        lengths(data.get("part_lengths")));
  }

  private static BranchCreated opened(Map<String, String> data) {
    return new BranchCreated(
        Integer.parseInt(data.get("branch_no")),
        Integer.parseInt(data.get("parent_branch_no")),
        Integer.parseInt(data.get("fork_depth")));
  }

  private static BranchSwitched switched(Map<String, String> data) {
    var userId = data.get("user_id");
    return new BranchSwitched(
        userId == null ? null : UUID.fromString(userId), Integer.parseInt(data.get("branch_no")));
  }

  private static @Nullable Integer number(@Nullable String text) {
    return text == null ? null : Integer.valueOf(text);
  }

  private static List<Integer> lengths(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }
}
