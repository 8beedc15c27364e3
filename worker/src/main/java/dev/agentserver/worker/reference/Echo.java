package dev.agentserver.worker.reference;

import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.worker.RunContext;

/// Says again what was said.
final class Echo {
  private static final int PIECE = 24;

  private Echo() {}

  static void run(RunContext run) {
    say(run, text(run));
  }

  /// In the run's conversation, where there is one, and as its output.
  static void say(RunContext run, String text) {
    if (!run.run().getConversationId().isEmpty()) {
      var message = run.message("answer");
      var said = Math.min(message.before().length(), text.length());
      for (var from = said; from < text.length(); from += PIECE) {
        message.append(text.substring(from, Math.min(text.length(), from + PIECE)));
      }
      message.complete("stop");
    }
    run.output(Values.of(Structs.of("text", Values.of(text))));
  }

  /// The input says it, or the message that is to be answered, or whoever spoke last.
  private static String text(RunContext run) {
    var input = run.input();
    if (input.hasStringValue()) {
      return input.getStringValue();
    }
    var text = Input.of(input).text("text", "");
    if (!text.isEmpty() || run.run().getConversationId().isEmpty()) {
      return text;
    }
    var answered = run.run().getInputMessageId();
    return answered.isEmpty() ? newest(run) : message(run, answered);
  }

  private static String message(RunContext run, String id) {
    var request = GetMessageRequest.newBuilder().setMessageId(id).build();
    return run.call(MessageServiceGrpc.getGetMessageMethod(), request).getContent();
  }

  private static String newest(RunContext run) {
    var request =
        ListMessagesRequest.newBuilder()
            .setConversationId(run.run().getConversationId())
            .setOrder(ListMessagesRequest.Order.ORDER_NEWEST_FIRST)
            .build();
    return run.call(MessageServiceGrpc.getListMessagesMethod(), request).getMessagesList().stream()
        .filter(message -> message.getRole() == Message.Role.user)
        .map(Message::getContent)
        .findFirst()
        .orElse("");
  }
}
