package dev.agentserver.conversation.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.stream.ModelMessage.ModelPart;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.watch.NaiveReader;
import java.util.List;

/// Whether a conversation is what it must be after all that was done and acknowledged: its messages
/// are those of the model, and a naive client that reads its events has the same.
final class Checker {
  private Checker() {}

  /// @param stored the messages as the service says them, in the model's order
  /// @param history the events from the first, or a snapshot in the place of those that are gone
  static void check(
      List<ModelMessage> model, List<Message> stored, List<ConversationEvent> history) {
    assertThat(stored).hasSameSizeAs(model);
    var reader = new NaiveReader(0).apply(history);
    assertThat(reader.messageIds()).hasSameSizeAs(model);
    for (var i = 0; i < model.size(); i++) {
      same(model.get(i), stored.get(i));
      reader.hasRead(stored.get(i));
    }
  }

  private static void same(ModelMessage model, Message stored) {
    assertThat(stored.getId()).isEqualTo(model.id());
    assertThat(stored.getState()).isEqualTo(model.state());
    assertThat(stored.getContent()).isEqualTo(model.content());
    assertThat(stored.getPartsCount()).isEqualTo(model.parts().size());
    for (var i = 0; i < stored.getPartsCount(); i++) {
      same(model.parts().get(i), stored.getParts(i));
    }
  }

  private static void same(ModelPart model, Part stored) {
    assertThat(stored.getKindCase()).isEqualTo(model.start().getKindCase());
    switch (stored.getKindCase()) {
      case TEXT -> assertThat(stored.getText()).isEqualTo(model.words());
      case REASONING -> assertThat(stored.getReasoning().getText()).isEqualTo(model.words());
      case TOOL_CALL -> {
        // What turned out to be JSON is no text any more.
        if (!stored.getToolCall().hasInput()) {
          assertThat(stored.getToolCall().getInputText()).isEqualTo(model.words());
        }
      }
      case TOOL_RESULT, FILE, DATA, KIND_NOT_SET -> assertThat(stored).isEqualTo(model.start());
    }
  }
}
