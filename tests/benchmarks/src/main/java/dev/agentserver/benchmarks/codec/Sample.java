package dev.agentserver.benchmarks.codec;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.ListMessagesResponse;
import dev.agentserver.conversation.v1.Message.Role;
import dev.agentserver.conversation.v1.Message.State;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.PartDelta;
import dev.agentserver.conversation.v1.ToolCallPart;

/// What goes through the gateway all day.
public enum Sample {
  /// Fifty messages of a conversation, some with a call of a tool.
  PAGE {
    @Override
    public Message message() {
      var page = ListMessagesResponse.newBuilder().setNextPageToken("q83vASNFZ4k").setSeq(51);
      for (int i = 0; i < 50; i++) {
        page.addMessages(answer(i));
      }
      return page.build();
    }
  },
  /// What a user says.
  APPEND {
    @Override
    public Message message() {
      return CreateMessageRequest.newBuilder()
          .setConversationId(id(0))
          .setRole(Role.user)
          .setContent("What is the weather like in \"Zürich\" today?\nAnd will it rain tomorrow?")
          .setClientMessageId("client-1234")
          .setRequestId(id(1))
          .putMetadata("client", "web")
          .build();
    }
  },
  /// A token of an answer, as a watcher hears it.
  DELTA {
    @Override
    public Message message() {
      var delta = PartDelta.newBuilder().setMessageId(id(2)).setOffset(1_234).setText(" sunny");
      return ConversationEvent.newBuilder()
          .setSeq(4_711)
          .setConversationId(id(0))
          .setCreatedAt(time(3))
          .setPartDelta(delta)
          .build();
    }
  };

  public abstract Message message();

  private static dev.agentserver.conversation.v1.Message answer(int number) {
    var text =
        "The forecast for Zürich says: sunny in the morning, clouds towards the evening, and a"
            + " \"40 %\" chance of rain after midnight.\n\nBring an umbrella on day "
            + number
            + ".";
    var message =
        dev.agentserver.conversation.v1.Message.newBuilder()
            .setId(id(number))
            .setConversationId(id(0))
            .setRole(number % 2 == 0 ? Role.user : Role.assistant)
            .setContent(text)
            .addParts(Part.newBuilder().setText(text))
            .setState(State.STATE_COMPLETE)
            .setSeq(number + 1)
            .setDepth(number)
            .setAuthorId(id(7))
            .setModel("gpt-large")
            .setInputTokens(123)
            .setOutputTokens(45)
            .putMetadata("client", "web")
            .setCreatedAt(time(number))
            .setUpdatedAt(time(number + 1))
            .setEtag("W-" + number);
    if (number % 5 == 0) {
      message.addParts(Part.newBuilder().setToolCall(call(number)));
    }
    return message.build();
  }

  private static ToolCallPart call(int number) {
    var arguments =
        Struct.newBuilder()
            .putFields("city", Value.newBuilder().setStringValue("Zürich").build())
            .putFields("days", Value.newBuilder().setNumberValue(number).build());
    return ToolCallPart.newBuilder()
        .setId("call-" + number)
        .setName("get_weather")
        .setInput(arguments)
        .build();
  }

  private static String id(int number) {
    return "019503fe-7b1a-7c3d-8e5f-%012x".formatted(number);
  }

  private static Timestamp time(int number) {
    return Timestamp.newBuilder().setSeconds(1_770_000_000L + number).setNanos(123_456_000).build();
  }
}
