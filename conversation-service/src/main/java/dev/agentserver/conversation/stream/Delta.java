package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.link.FilePeer.File;
import dev.agentserver.conversation.message.Part;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A piece of a part.
///
/// @param field where it stands in the request, for example `deltas[2].`
/// @param part the part's place in the message
/// @param offset where in the part the text goes, in code points
/// @param start what the part is, where it begins with this delta; null: text
/// @param done whether the part is whole with this delta
/// @param signature of a reasoning part that is done; else empty
public record Delta(
    String field,
    int part,
    int offset,
    String text,
    @Nullable Part start,
    boolean done,
    String signature) {
  /// The file that begins with it, if one does.
  Stream<FileLinks.Link> file() {
    return start == null ? Stream.empty() : start.fileLink(field + "start.");
  }

  /// The same, saying of its file what is known of it.
  Delta saying(Map<UUID, File> files) {
    return new Delta(
        field, part, offset, text, start == null ? null : start.saying(files), done, signature);
  }
}
