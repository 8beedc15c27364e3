package dev.agentserver.conversation.feedback;

import static dev.agentserver.conversation.message.ProtoText.timestamp;

import dev.agentserver.conversation.v1.MessageFeedback;

/// Feedback as the contract has it.
public final class FeedbackProto {
  private FeedbackProto() {}

  public static MessageFeedback toProto(Feedback feedback) {
    return MessageFeedback.newBuilder()
        .setMessageId(feedback.messageId().toString())
        .setRating(MessageFeedback.Rating.valueOf("RATING_" + feedback.rating().name()))
        .setComment(feedback.comment())
        .setUpdatedAt(timestamp(feedback.updatedAt()))
        .build();
  }
}
