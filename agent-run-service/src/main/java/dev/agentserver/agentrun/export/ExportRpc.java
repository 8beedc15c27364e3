package dev.agentserver.agentrun.export;

import com.google.api.HttpBody;
import dev.agentserver.agentrun.v1.ExportUsageRequest;
import dev.agentserver.agentrun.v1.UsageExportServiceGrpc;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.ReplyHeaders;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/// UsageExportService: translation between the contract and [Exports].
final class ExportRpc implements BindableService {
  private final Exports exports;

  ExportRpc(Exports exports) {
    this.exports = exports;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(UsageExportServiceGrpc.getServiceDescriptor())
        .serverStream(UsageExportServiceGrpc.getExportUsageMethod(), this::export)
        .build();
  }

  private void export(ExportUsageRequest request, Sender<HttpBody> sender) {
    var format = ExportProto.format(request);
    var query = ExportProto.query(request);
    // So that a browser keeps it as a file.
    ReplyHeaders.put(
        "content-disposition", "attachment; filename=\"usage." + format.ending() + "\"");
    exports.write(
        Callers.current(), query, format, piece -> sender.send(ExportProto.body(format, piece)));
  }
}
