package dev.agentserver.conversation.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One turn of a conversation.
///
/// @param stateReason why it is INCOMPLETE or FAILED; else empty
/// @param partsSeq the event up to which `parts` are known
public record Message(
    UUID id,
    UUID conversationId,
    Place place,
    Role role,
    State state,
    String stateReason,
    List<Part> parts,
    long partsSeq,
    List<Attachment> attachments,
    UUID authorId,
    Origin origin,
    @Nullable String clientMessageId,
    @Nullable String externalId,
    Map<String, String> metadata,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// The author of messages whose author was erased.
  public static final UUID NOBODY = new UUID(0, 0);

  /// Where it is: its branch, its depth there, and the number of its creation event.
  public record Place(int branchNo, int depth, long seq) {}

  /// The text parts, joined by blank lines.
  public String content() {
    return Content.text(parts);
  }

  /// The files that it names: those that go with it, and those inside the content.
  public List<UUID> files() {
    return Stream.concat(attachments.stream().map(Attachment::fileId), Content.files(parts))
        .toList();
  }

  /// The same with other parts.
  public Message withParts(List<Part> others) {
    return new Message(
        id,
        conversationId,
        place,
        role,
        state,
        stateReason,
        others,
        partsSeq,
        attachments,
        authorId,
        origin,
        clientMessageId,
        externalId,
        metadata,
        version,
        createdAt,
        updatedAt);
  }
}
