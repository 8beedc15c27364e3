package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.message.Screening;
import dev.agentserver.conversation.message.Screening.Screened;
import dev.agentserver.conversation.message.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a message ends.
///
/// @param reason why it is INCOMPLETE or FAILED; else empty
/// @param model the model that produced it; empty: as announced
/// @param partLengths what the writer believes to have written; empty: not compared
/// @param contentSha256 the same as a hash, hexadecimal; empty: not compared
/// @param usage what the call of the model used; null: it is not said here
record Ending(
    State state,
    String reason,
    String finishReason,
    String model,
    @Nullable Integer inputTokens,
    @Nullable Integer outputTokens,
    List<Integer> partLengths,
    String contentSha256,
    @Nullable Usage usage) {
  /// Why a message that its writer left cannot be gone on with.
  static final String REDACTED = "CONTENT_REDACTED";

  static final Ending CANCELLED = cut(State.INCOMPLETE, Writing.CANCELLED, null);
  static final Ending WRITER_LOST = cut(State.INCOMPLETE, Writing.WRITER_LOST, null);

  /// The same way where the content rules say something of what was written. What was taken from
  /// cannot be gone on with.
  Ending with(Screened content) {
    if (content.blocked() != null) {
      return as(State.FAILED, Screening.BLOCKED);
    }
    return content.changed() && this == WRITER_LOST ? as(state, REDACTED) : this;
  }

  private Ending as(State otherState, String otherReason) {
    return new Ending(
        otherState,
        otherReason,
        finishReason,
        model,
        inputTokens,
        outputTokens,
        partLengths,
        contentSha256,
        usage);
  }

  static Ending failed(String reason, @Nullable Usage usage) {
    return cut(State.FAILED, reason, usage);
  }

  private static Ending cut(State state, String reason, @Nullable Usage usage) {
    return new Ending(state, reason, "", "", null, null, List.of(), "", usage);
  }
}
