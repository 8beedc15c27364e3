package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.AppendMessageResponse;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.StopMessageRequest;
import dev.agentserver.conversation.v1.TakeOverMessageRequest;
import java.util.UUID;

/// Somebody who writes a message piece by piece.
public record Writer(Person person, MessageStream stream) {
  public static Writer begin(Person person, Conversation conversation) {
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

  /// Begins a message whose id is given.
  static Writer begin(Person person, Conversation conversation, UUID messageId) {
    return new Writer(
        person,
        person
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .setMessageId(messageId.toString())
                    .build()));
  }

  public static Writer takeOver(Person person, String messageId) {
    return new Writer(
        person,
        person
            .streams()
            .takeOverMessage(TakeOverMessageRequest.newBuilder().setMessageId(messageId).build()));
  }

  public String messageId() {
    return stream.getMessage().getId();
  }

  /// Appends to the first part.
  public AppendMessageResponse text(int offset, String text) {
    return append(Delta.newBuilder().setOffset(offset).setText(text));
  }

  /// Stops the message.
  public Message stop() {
    return person
        .streams()
        .stopMessage(StopMessageRequest.newBuilder().setMessageId(messageId()).build());
  }

  public Message get() {
    return person
        .messages()
        .getMessage(GetMessageRequest.newBuilder().setMessageId(messageId()).build());
  }

  public AppendMessageResponse append(Delta.Builder... deltas) {
    var request =
        AppendMessageRequest.newBuilder()
            .setMessageId(messageId())
            .setWriterEpoch(stream.getWriterEpoch());
    for (var delta : deltas) {
      request.addDeltas(delta);
    }
    return person.streams().appendMessage(request.build());
  }

  public Message complete() {
    return person.streams().completeMessage(completion().build());
  }

  public CompleteMessageRequest.Builder completion() {
    return CompleteMessageRequest.newBuilder()
        .setMessageId(messageId())
        .setWriterEpoch(stream.getWriterEpoch())
        .setFinishReason("stop")
        .setInputTokens(3)
        .setOutputTokens(5);
  }
}
