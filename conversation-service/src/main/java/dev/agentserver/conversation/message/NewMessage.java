package dev.agentserver.conversation.message;

import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.link.FilePeer.File;
import dev.agentserver.conversation.link.RunLinks.Link;
import dev.agentserver.conversation.tree.Anchor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A message to be written.
///
/// @param field where it stands in the request, for example `messages[2].`, so that a problem can
/// name its field
/// @param id the id the client chose, if it did
/// @param state COMPLETE, or STREAMING where the parts are still to come
/// @param author who wrote it, if that is not the caller
/// @param createdAt when it was said, if that is not now
/// @param anchor what it is put next to
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
    @Nullable UUID author,
    @Nullable Instant createdAt,
    Anchor anchor) {
  /// The run that it names, if it does.
  Stream<Link> link() {
    return Stream.ofNullable(origin.runId()).map(run -> new Link(field + "run_id", run));
  }

  /// Whether only an importer may write it: somebody else's words, or those of another time.
  boolean imported() {
    return author != null || createdAt != null;
  }

  /// The files that it names: those that go with it, and those inside the content.
  Stream<FileLinks.Link> files() {
    var beside =
        IntStream.range(0, attachments.size())
            .mapToObj(
                i ->
                    new FileLinks.Link(
                        field + "attachments[" + i + "].file_id", attachments.get(i).fileId()));
    var inside =
        IntStream.range(0, parts.size())
            .boxed()
            .flatMap(i -> parts.get(i).fileLink(field + "parts[" + i + "]."));
    return Stream.concat(beside, inside);
  }

  /// The same, saying of its files what is known of them.
  NewMessage saying(Map<UUID, File> files) {
    return new NewMessage(
        field,
        id,
        role,
        state,
        parts.stream().map(part -> part.saying(files)).toList(),
        attachments.stream().map(old -> attachment(files.get(old.fileId()))).toList(),
        origin,
        clientMessageId,
        externalId,
        metadata,
        author,
        createdAt,
        anchor);
  }

  private static Attachment attachment(File file) {
    return new Attachment(file.id(), file.name(), file.mediaType(), file.sizeBytes(), null);
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
        author,
        createdAt,
        anchor);
  }

  /// The same, saying something else.
  NewMessage with(List<Part> otherParts, Map<String, String> otherMetadata) {
    return new NewMessage(
        field,
        id,
        role,
        state,
        otherParts,
        attachments,
        origin,
        clientMessageId,
        externalId,
        otherMetadata,
        author,
        createdAt,
        anchor);
  }

  /// The same, said by the same speaker in place of another message.
  public NewMessage beside(Message sibling) {
    return new NewMessage(
        field,
        id,
        sibling.role(),
        state,
        parts,
        attachments,
        origin,
        clientMessageId,
        externalId,
        metadata,
        author,
        createdAt,
        new Anchor.Beside(sibling.id()));
  }
}
