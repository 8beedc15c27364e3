package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.AppendMessageResponse;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.TakeOverMessageRequest;

/// Somebody who writes a message piece by piece.
record Writer(Person person, MessageStream stream) {
  static Writer begin(Person person, Conversation conversation) {
    return new Writer(
        person,
        person
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .setModel("m-1")
                    .build()));
  }

  static Writer takeOver(Person person, String messageId) {
    return new Writer(
        person,
        person
            .streams()
            .takeOverMessage(TakeOverMessageRequest.newBuilder().setMessageId(messageId).build()));
  }

  String messageId() {
    return stream.getMessage().getId();
  }

  /// Appends to the first part.
  AppendMessageResponse text(int offset, String text) {
    return append(Delta.newBuilder().setOffset(offset).setText(text));
  }

  AppendMessageResponse append(Delta.Builder... deltas) {
    var request =
        AppendMessageRequest.newBuilder()
            .setMessageId(messageId())
            .setWriterEpoch(stream.getWriterEpoch());
    for (var delta : deltas) {
      request.addDeltas(delta);
    }
    return person.streams().appendMessage(request.build());
  }

  Message complete() {
    return person.streams().completeMessage(completion().build());
  }

  CompleteMessageRequest.Builder completion() {
    return CompleteMessageRequest.newBuilder()
        .setMessageId(messageId())
        .setWriterEpoch(stream.getWriterEpoch())
        .setFinishReason("stop")
        .setInputTokens(3)
        .setOutputTokens(5);
  }
}
