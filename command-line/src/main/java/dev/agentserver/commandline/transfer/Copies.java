package dev.agentserver.commandline.transfer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.agentserver.commandline.history.Exported;
import dev.agentserver.commandline.server.Patience;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.conversation.v1.ConversationFormat;
import dev.agentserver.conversation.v1.ExportConversationRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;

/// Conversations as the server has them.
final class Copies {
  private final Server server;

  Copies(Server server) {
    this.server = server;
  }

  /// The conversation with all its branches; empty: the caller has none of that id.
  Optional<Exported> find(UUID id) throws IOException {
    try {
      return Optional.of(Exported.of(lines(id)));
    } catch (StatusRuntimeException failure) {
      if (Patience.is(failure, Status.Code.NOT_FOUND)) {
        return Optional.empty();
      }
      throw failure;
    } catch (InvalidProtocolBufferException failure) {
      throw new IOException("conversation " + id + " cannot be read", failure);
    }
  }

  /// As the lines of a file.
  String lines(UUID id) {
    var request =
        ExportConversationRequest.newBuilder()
            .setConversationId(id.toString())
            .setFormat(ConversationFormat.CONVERSATION_FORMAT_NDJSON)
            .setAllBranches(true)
            .build();
    return server
        .patience()
        .call(
            () -> {
              var pieces = new ArrayList<ByteString>();
              server
                  .exports()
                  .exportConversation(request)
                  .forEachRemaining(piece -> pieces.add(piece.getData()));
              return ByteString.copyFrom(pieces).toString(StandardCharsets.UTF_8);
            });
  }
}
