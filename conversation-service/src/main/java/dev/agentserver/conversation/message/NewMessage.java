package dev.agentserver.conversation.message;

import dev.agentserver.conversation.link.RunLinks.Link;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A message to be written.
///
/// @param field where it stands in the request, for example `messages[2].`, so that a problem can
/// name its field
/// @param id the id the client chose, if it did
/// @param state COMPLETE, or STREAMING where the parts are still to come
/// @param createdAt when it was said, if that is not now
public record NewMessage(
    String field,
    @Nullable UUID id,
    Role role,
    State state,
    List<Part> parts,
    List<Attachment> attachments,
    Origin origin,
    @Nullable String clientMessageId,
    @Nullable String externalId,
    Map<String, String> metadata,
    @Nullable Instant createdAt) {
  /// The run that it names, if it does.
  Stream<Link> link() {
    return Stream.ofNullable(origin.runId()).map(run -> new Link(field + "run_id", run));
  }

  /// The same, still to be written.
  public NewMessage streaming() {
    return new NewMessage(
        field,
        id,
        role,
        State.STREAMING,
        parts,
        attachments,
        origin,
        clientMessageId,
        externalId,
        metadata,
        createdAt);
  }
}
