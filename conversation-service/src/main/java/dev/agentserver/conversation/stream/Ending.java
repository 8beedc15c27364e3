package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.message.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a message ends.
///
/// @param reason why it is INCOMPLETE or FAILED; else empty
/// @param model the model that produced it; empty: as announced
/// @param partLengths what the writer believes to have written; empty: not compared
/// @param contentSha256 the same as a hash, hexadecimal; empty: not compared
record Ending(
    State state,
    String reason,
    String finishReason,
    String model,
    @Nullable Integer inputTokens,
    @Nullable Integer outputTokens,
    List<Integer> partLengths,
    String contentSha256) {
  static final Ending CANCELLED = cut(State.INCOMPLETE, Writing.CANCELLED);
  static final Ending WRITER_LOST = cut(State.INCOMPLETE, Writing.WRITER_LOST);

  static Ending failed(String reason) {
    return cut(State.FAILED, reason);
  }

  private static Ending cut(State state, String reason) {
    return new Ending(state, reason, "", "", null, null, List.of(), "");
  }
}
