package dev.agentserver.conversation.context;

import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.message.ProtoText;
import dev.agentserver.conversation.v1.BuildContextRequest;
import dev.agentserver.conversation.v1.BuildContextResponse;
import dev.agentserver.conversation.v1.ContextCheckpoint;

/// Contexts between the contract and the domain.
final class ContextProto {
  private ContextProto() {}

  static Budget budget(BuildContextRequest request) {
    return Budget.of(request.getMaxMessages(), request.getMaxTokens());
  }

  static BuildContextResponse toProto(Context context) {
    var proto =
        BuildContextResponse.newBuilder()
            .addAllMessages(context.messages().stream().map(MessageProto::toProto).toList())
            .setTokenCount(Math.toIntExact(context.tokens().count()))
            .setEstimatedTokenCount(Math.toIntExact(context.tokens().estimated()))
            .setOmittedCount(context.omitted())
            .setUncoveredCount(context.uncovered());
    if (context.summary() != null) {
      proto.setSummary(toProto(context.summary()));
    }
    return proto.build();
  }

  static ContextCheckpoint toProto(Checkpoint checkpoint) {
    var proto =
        ContextCheckpoint.newBuilder()
            .setMessageId(checkpoint.messageId().toString())
            .setConversationId(checkpoint.conversationId().toString())
            .setSummary(checkpoint.summary())
            .setCreatedAt(ProtoText.timestamp(checkpoint.createdAt()));
    if (checkpoint.tokens() != null) {
      proto.setTokenCount(checkpoint.tokens());
    }
    return proto.build();
  }
}
