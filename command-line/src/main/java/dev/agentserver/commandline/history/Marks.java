package dev.agentserver.commandline.history;

import dev.agentserver.conversation.v1.MessageFeedback.Rating;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What its reader had put on a conversation.
///
/// @param current the message its reader saw last; null: the newest
/// @param archived whether it was put away
/// @param pinned whether it was kept on top
public record Marks(
    @Nullable UUID current,
    boolean archived,
    boolean pinned,
    List<Label> labels,
    List<Judgement> judgements) {
  /// Nothing.
  public static final Marks NONE = new Marks(null, false, false, List.of(), List.of());

  /// A tag.
  ///
  /// @param organization whether it was everybody's
  public record Label(String name, boolean organization) {}

  /// What the reader thought of a message.
  public record Judgement(UUID messageId, Rating rating, String comment) {}

  /// Only where the reader was.
  public static Marks at(@Nullable UUID current) {
    return new Marks(current, false, false, List.of(), List.of());
  }

  /// The same; where there is one path its reader cannot have been on another.
  Marks withoutCurrent() {
    return new Marks(null, archived, pinned, labels, judgements);
  }
}
