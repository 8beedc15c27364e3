package dev.agentserver.conversation.export;

import com.google.api.HttpBody;
import dev.agentserver.conversation.v1.ConversationExportServiceGrpc;
import dev.agentserver.conversation.v1.ExportConversationRequest;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.ReplyHeaders;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// ConversationExportService: translation between the contract and [Exports].
public final class ExportRpc implements BindableService {
  private final Exports exports;

  public ExportRpc(Exports exports) {
    this.exports = exports;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ConversationExportServiceGrpc.getServiceDescriptor())
        .serverStream(ConversationExportServiceGrpc.getExportConversationMethod(), this::export)
        .build();
  }

  private void export(ExportConversationRequest request, Sender<HttpBody> sender) {
    var file = file(request);
    var id = UUID.fromString(request.getConversationId());
    // So that a browser keeps it as a file.
    ReplyHeaders.put(
        "content-disposition",
        "attachment; filename=\"conversation-" + id + "." + file.ending() + "\"");
    var pieces = new PiecesProto(file.contentType(), sender);
    exports.write(Callers.current(), id, request.getAllBranches(), file, pieces::add);
    pieces.flush();
  }

  private static ExportFile file(ExportConversationRequest request) {
    return switch (request.getFormat()) {
      case CONVERSATION_FORMAT_UNSPECIFIED, CONVERSATION_FORMAT_JSON -> new RecordsProto(false);
      case CONVERSATION_FORMAT_NDJSON -> new RecordsProto(true);
      case CONVERSATION_FORMAT_MARKDOWN -> new MarkdownFile();
      case UNRECOGNIZED -> throw Problem.invalid("format", "is none that there is");
    };
  }
}
