package dev.agentserver.conversation.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.StopMessageRequest;
import dev.agentserver.conversation.v1.TakeOverMessageRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The calls of writers, answered as a [ModelMessage] answers.
record WriterCalls(Person person) {
  MessageStream begin(Conversation conversation, String requestId) {
    return person
        .streams()
        .beginMessage(
            BeginMessageRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setRequestId(requestId)
                .build());
  }

  String append(MessageStream by, List<Delta> deltas) {
    return answer(
        () -> {
          var told = person.streams().appendMessage(request(by, deltas));
          return told.getPartLengthsList() + (told.getStopRequested() ? " stopped" : "");
        });
  }

  /// Goes away as soon as it has called.
  void abandon(MessageStream by, List<Delta> deltas) {
    MessageStreamServiceGrpc.newFutureStub(person.channel())
        .appendMessage(request(by, deltas))
        .cancel(true);
  }

  /// Calls, and never asks what became of it.
  void forget(MessageStream by, List<Delta> deltas) {
    MessageStreamServiceGrpc.newFutureStub(person.channel()).appendMessage(request(by, deltas));
  }

  private static AppendMessageRequest request(MessageStream by, List<Delta> deltas) {
    return AppendMessageRequest.newBuilder()
        .setMessageId(by.getMessage().getId())
        .setWriterEpoch(by.getWriterEpoch())
        .addAllDeltas(deltas)
        .build();
  }

  String complete(MessageStream by) {
    var request =
        CompleteMessageRequest.newBuilder()
            .setMessageId(by.getMessage().getId())
            .setWriterEpoch(by.getWriterEpoch())
            .build();
    return answer(() -> person.streams().completeMessage(request).getState().name());
  }

  String stop(String messageId) {
    return answer(
        () ->
            person
                .streams()
                .stopMessage(StopMessageRequest.newBuilder().setMessageId(messageId).build())
                .getState()
                .name());
  }

  /// Empty when the message has ended.
  Optional<MessageStream> takeOver(String messageId, String requestId) {
    var request =
        TakeOverMessageRequest.newBuilder().setMessageId(messageId).setRequestId(requestId);
    try {
      return Optional.of(person.streams().takeOverMessage(request.build()));
    } catch (StatusRuntimeException refused) {
      if (reason(refused).equals("MESSAGE_NOT_STREAMING")) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  Message get(String messageId) {
    return person
        .messages()
        .getMessage(GetMessageRequest.newBuilder().setMessageId(messageId).build());
  }

  private static String answer(Supplier<String> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException refused) {
      return reason(refused);
    }
  }

  private static String reason(StatusRuntimeException refused) {
    for (var detail : StatusProto.fromThrowable(refused).getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return detail.unpack(ErrorInfo.class).getReason();
        } catch (InvalidProtocolBufferException broken) {
          throw new AssertionError(broken);
        }
      }
    }
    throw refused;
  }
}
