package dev.agentserver.conversation.watch;

import static dev.agentserver.conversation.message.ProtoText.orEmpty;
import static dev.agentserver.conversation.message.ProtoText.timestamp;

import dev.agentserver.conversation.conversation.ConversationProto;
import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.message.PartProto;
import dev.agentserver.conversation.message.State;
import dev.agentserver.conversation.tree.BranchProto;
import dev.agentserver.conversation.v1.BranchCreated;
import dev.agentserver.conversation.v1.BranchSwitched;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationDeleted;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationUpdated;
import dev.agentserver.conversation.v1.End;
import dev.agentserver.conversation.v1.FeedbackChanged;
import dev.agentserver.conversation.v1.Heartbeat;
import dev.agentserver.conversation.v1.MemberChanged;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageCreated;
import dev.agentserver.conversation.v1.MessageDeleted;
import dev.agentserver.conversation.v1.MessageEnded;
import dev.agentserver.conversation.v1.MessageUpdated;
import dev.agentserver.conversation.v1.PartDelta;
import dev.agentserver.conversation.v1.PartDone;
import dev.agentserver.conversation.v1.PartStarted;
import dev.agentserver.conversation.v1.Snapshot;
import dev.agentserver.conversation.v1.TagChanged;
import java.util.Map;
import java.util.UUID;

/// Events and frames as the contract has them.
final class EventProto {
  private EventProto() {}

  static ConversationEvent toProto(UUID conversationId, Frame frame) {
    var proto = ConversationEvent.newBuilder().setConversationId(conversationId.toString());
    return switch (frame) {
      case Frame.Happened(var event) -> {
        proto.setSeq(event.seq()).setCreatedAt(timestamp(event.at()));
        put(proto, conversationId, event);
        yield proto.build();
      }
      case Frame.Snapshot snapshot ->
          proto.setSeq(snapshot.seq()).setSnapshot(toProto(snapshot)).build();
      case Frame.Heartbeat(var seq) ->
          proto.setSeq(seq).setHeartbeat(Heartbeat.getDefaultInstance()).build();
      case Frame.End(var seq, var reason) ->
          proto
              .setSeq(seq)
              .setEnd(End.newBuilder().setReason(End.Reason.valueOf("REASON_" + reason.name())))
              .build();
    };
  }

  private static Snapshot toProto(Frame.Snapshot snapshot) {
    var proto = Snapshot.newBuilder().setLast(snapshot.last());
    snapshot.messages().forEach(message -> proto.addMessages(MessageProto.toProto(message)));
    snapshot.branches().forEach(branch -> proto.addBranches(BranchProto.toProto(branch)));
    if (snapshot.conversation() != null) {
      proto.setConversation(ConversationProto.toProto(snapshot.conversation()));
    }
    return proto.build();
  }

  private static void put(ConversationEvent.Builder proto, UUID conversationId, Event event) {
    switch (event.change()) {
      case Change.MessageCreated(var message) ->
          proto.setMessageCreated(
              MessageCreated.newBuilder().setMessage(MessageProto.toProto(message)));
      case Change.PartStarted(var messageId, var part, var start) ->
          proto.setPartStarted(
              PartStarted.newBuilder()
                  .setMessageId(messageId.toString())
                  .setPart(part)
                  .setStart(PartProto.toProto(start)));
      case Change.PartDelta(var messageId, var part, var offset, var text) ->
          proto.setPartDelta(
              PartDelta.newBuilder()
                  .setMessageId(messageId.toString())
                  .setPart(part)
                  .setOffset(offset)
                  .setText(text));
      case Change.PartDone(var messageId, var part, var length, var signature) ->
          proto.setPartDone(
              PartDone.newBuilder()
                  .setMessageId(messageId.toString())
                  .setPart(part)
                  .setLength(length)
                  .setSignature(signature));
      case Change.MessageEnded ended when ended.state() == State.FAILED ->
          proto.setMessageFailed(toProto(ended));
      case Change.MessageEnded ended -> proto.setMessageCompleted(toProto(ended));
      case Change.MessageUpdated(var messageId, var state) ->
          proto.setMessageUpdated(
              MessageUpdated.newBuilder()
                  .setMessageId(messageId.toString())
                  .setState(toProto(state)));
      case Change.MessageDeleted(var messageId) ->
          proto.setMessageDeleted(MessageDeleted.newBuilder().setMessageId(messageId.toString()));
      case Change.BranchCreated(var branchNo, var parentBranchNo, var forkDepth) ->
          proto.setBranchCreated(
              BranchCreated.newBuilder()
                  .setBranchNo(branchNo)
                  .setParentBranchNo(parentBranchNo)
                  .setForkDepth(forkDepth));
      case Change.BranchSwitched(var userId, var branchNo) ->
          proto.setBranchSwitched(
              BranchSwitched.newBuilder().setUserId(orEmpty(userId)).setBranchNo(branchNo));
      case Change.ConversationUpdated(var fields) ->
          proto.setConversationUpdated(
              ConversationUpdated.newBuilder()
                  .setConversation(toProto(conversationId, event.seq(), fields)));
      case Change.FeedbackChanged(var messageId, var userId) ->
          proto.setFeedbackChanged(
              FeedbackChanged.newBuilder()
                  .setMessageId(messageId.toString())
                  .setUserId(orEmpty(userId)));
      case Change.TagChanged(var tagId, var on) ->
          proto.setTagChanged(TagChanged.newBuilder().setTagId(tagId.toString()).setOn(on));
      case Change.MemberChanged(var userId, var role) -> {
        var member = MemberChanged.newBuilder().setUserId(orEmpty(userId));
        if (role != null) {
          member.setRole(ConversationProto.role(role));
        }
        proto.setMemberChanged(member);
      }
      case Change.ConversationDeleted() ->
          proto.setConversationDeleted(ConversationDeleted.getDefaultInstance());
    }
  }

  private static MessageEnded toProto(Change.MessageEnded ended) {
    var proto =
        MessageEnded.newBuilder()
            .setMessageId(ended.messageId().toString())
            .setState(toProto(ended.state()))
            .setStateReason(ended.reason())
            .setFinishReason(ended.finishReason())
            .setModel(ended.model())
            .setContentSha256(ended.contentSha256())
            .addAllPartLengths(ended.partLengths());
    if (ended.inputTokens() != null) {
      proto.setInputTokens(ended.inputTokens());
    }
    if (ended.outputTokens() != null) {
      proto.setOutputTokens(ended.outputTokens());
    }
    return proto.build();
  }

  /// What the event kept of it.
  private static Conversation toProto(UUID conversationId, long seq, Map<String, String> fields) {
    return Conversation.newBuilder()
        .setId(conversationId.toString())
        .setTitle(fields.get("title"))
        .setModel(fields.get("model"))
        .setAgentId(fields.getOrDefault("agent_id", ""))
        .setExternalId(fields.getOrDefault("external_id", ""))
        .putAllMetadata(MetadataJson.read(fields.get("metadata")))
        .setEtag(fields.get("version") + "." + seq)
        .setLastSeq(seq)
        .build();
  }

  private static Message.State toProto(State state) {
    return Message.State.valueOf("STATE_" + state.name());
  }
}
