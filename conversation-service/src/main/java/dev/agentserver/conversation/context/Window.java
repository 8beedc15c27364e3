package dev.agentserver.conversation.context;

import dev.agentserver.conversation.message.Content;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The end of a path, put together backwards, and how much of it fits.
///
/// It may begin with a message when every tool result from there on has its call: the nearest one
/// before it with its id.
final class Window {
  /// A reply holds no more than this much content.
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  /// A message, with what it and all after it come to.
  ///
  /// @param whole whether every result has its call
  private record Step(Message message, Tokens tokens, long bytes, boolean whole) {}

  private final List<Step> steps = new ArrayList<>();
  private final Set<String> unanswered = new HashSet<>();
  private Tokens tokens = Tokens.NONE;
  private long bytes;
  private boolean complete;

  /// Adds the message before.
  void add(Message message) {
    tokens = tokens.plus(Tokens.of(message));
    bytes += Content.bytes(message.parts());
    for (var part : message.parts().reversed()) {
      switch (part) {
        case Part.ToolResult result -> unanswered.add(result.toolCallId());
        case Part.ToolCall call -> unanswered.remove(call.id());
        case Part.Text _, Part.Reasoning _, Part.FileRef _, Part.Data _ -> {
          // Stands for itself.
        }
      }
    }
    steps.add(new Step(message, tokens, bytes, unanswered.isEmpty()));
  }

  /// Says that there is nothing before: a result whose call is not here has none.
  void complete() {
    complete = true;
  }

  int size() {
    return steps.size();
  }

  /// Whether nothing that is added fits any more.
  boolean exceeds(Budget budget) {
    return steps.size() >= budget.messages()
        || tokens.count() > budget.tokens()
        || bytes > MAX_BYTES;
  }

  /// The most messages that fit. One message is not too large for a reply.
  Fitting fitting(Budget budget) {
    var best = 0;
    for (var i = 0; i < steps.size() && i < budget.messages(); i++) {
      var step = steps.get(i);
      if (step.tokens().count() > budget.tokens() || (i > 0 && step.bytes() > MAX_BYTES)) {
        break;
      }
      if (step.whole() || (complete && i + 1 == steps.size())) {
        best = i + 1;
      }
    }
    return new Fitting(
        steps.subList(0, best).reversed().stream().map(Step::message).toList(),
        best == 0 ? Tokens.NONE : steps.get(best - 1).tokens(),
        complete && best == steps.size());
  }

  /// What fits, oldest first.
  ///
  /// @param all whether there is nothing before
  record Fitting(List<Message> messages, Tokens tokens, boolean all) {
    boolean isEmpty() {
      return messages.isEmpty();
    }

    /// Where it begins.
    int depth() {
      return messages.getFirst().place().depth();
    }
  }
}
