package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.message.State;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message as its writers find it under the conversation's lock.
///
/// @param role what the caller is in the conversation; null: nothing
/// @param deleted whether the conversation is
/// @param row what may be added; null when nothing may any more, or never might
/// @param now the database's time
record Writing(
    StreamKey message,
    StreamKey conversation,
    State state,
    String stateReason,
    boolean deleted,
    @Nullable MemberRole role,
    @Nullable Row row,
    OffsetDateTime now) {
  static final String CANCELLED = "CANCELLED";
  static final String WRITER_LOST = "WRITER_LOST";

  private static final String WRITE_ANY = "conversation:write";
  private static final String READ = "conversation:read";

  /// The row of `message_stream`.
  record Row(
      long epoch,
      OffsetDateTime expiresAt,
      List<Integer> lengths,
      List<Boolean> open,
      int sizeBytes,
      long lastSeq) {}

  /// Refuses a caller who may not write here, in the way that tells no stranger anything.
  void checkAccess(Caller caller) {
    var reads = role != null || caller.mayAny(READ);
    var writes = (role != null && role != MemberRole.VIEWER) || caller.mayAny(WRITE_ANY);
    if (deleted || caller.isOutside(conversation.id()) || (!reads && !writes)) {
      throw missing(message.id());
    }
    if (!writes) {
      throw new Problem.Denied("member:" + MemberRole.EDITOR).raise();
    }
  }

  /// Refuses a writer that another one has followed.
  void checkEpoch(long epoch) {
    var refusal = fenced(epoch);
    if (refusal != null) {
      throw refusal;
    }
  }

  /// Why a writer is refused that another one has followed; null: none has.
  @Nullable RuntimeException fenced(long epoch) {
    return row == null || row.epoch() == epoch
        ? null
        : new Problem.Refused(
                "WRITER_FENCED",
                "another writer took the message over",
                Map.of("id", message.id().toString()))
            .raise();
  }

  /// Whether another writer has followed this one.
  boolean isBefore(long epoch) {
    return row != null && epoch < row.epoch();
  }

  /// Whether it has ended in this way already.
  boolean hasEnded(Ending ending) {
    return state == ending.state()
        && (state != State.FAILED || stateReason.equals(ending.reason()));
  }

  /// How far it has grown.
  Growth growth() {
    return row == null
        ? new Growth(message.id(), List.of(), List.of(), 0)
        : new Growth(message.id(), row.lengths(), row.open(), row.sizeBytes());
  }

  boolean streaming() {
    return state == State.STREAMING;
  }

  /// Whether somebody stopped it: its writer is told, and not refused.
  boolean stopped() {
    return state == State.INCOMPLETE && stateReason.equals(CANCELLED);
  }

  /// Whether nothing was heard of its writer: another one may go on.
  boolean lost() {
    return state == State.INCOMPLETE && stateReason.equals(WRITER_LOST);
  }

  RuntimeException ended() {
    return new Problem.Refused(
            "MESSAGE_NOT_STREAMING",
            "the message has ended",
            Map.of(
                "id", message.id().toString(), "state", state.name(), "state_reason", stateReason))
        .raise();
  }

  static RuntimeException missing(UUID messageId) {
    return new Problem.NotFound("message", messageId.toString()).raise();
  }
}
