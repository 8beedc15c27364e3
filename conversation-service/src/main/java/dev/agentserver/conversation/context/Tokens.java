package dev.agentserver.conversation.context;

import dev.agentserver.conversation.message.Content;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Role;
import java.nio.charset.StandardCharsets;

/// How many tokens something has.
///
/// @param estimated how many of them were counted from bytes, because nobody has told
record Tokens(long count, long estimated) {
  static final Tokens NONE = new Tokens(0, 0);

  private static final int BYTES = 4;

  /// What the model read is the whole context of an answer: it says nothing of the answer's own
  /// length, but of any other message there is nothing else that it could be.
  static Tokens of(Message message) {
    var origin = message.origin();
    if (origin.outputTokens() != null) {
      return new Tokens(origin.outputTokens(), 0);
    }
    if (message.role() != Role.ASSISTANT && origin.inputTokens() != null) {
      return new Tokens(origin.inputTokens(), 0);
    }
    return estimated(Content.bytes(message.parts()));
  }

  static Tokens of(Checkpoint checkpoint) {
    return checkpoint.tokens() == null
        ? estimated(checkpoint.summary().getBytes(StandardCharsets.UTF_8).length)
        : new Tokens(checkpoint.tokens(), 0);
  }

  Tokens plus(Tokens other) {
    return new Tokens(count + other.count, estimated + other.estimated);
  }

  private static Tokens estimated(int bytes) {
    var count = Math.ceilDiv(bytes, BYTES);
    return new Tokens(count, count);
  }
}
