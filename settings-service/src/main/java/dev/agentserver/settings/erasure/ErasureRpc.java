package dev.agentserver.settings.erasure;

import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.settings.v1.ErasureServiceGrpc;
import dev.agentserver.settings.v1.ReportErasureRequest;
import dev.agentserver.settings.v1.ReportErasureResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// ErasureService: what the other services say they have removed.
public final class ErasureRpc implements BindableService {
  private final Erasures erasures;

  public ErasureRpc(Erasures erasures) {
    this.erasures = erasures;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ErasureServiceGrpc.getServiceDescriptor())
        .unary(ErasureServiceGrpc.getReportErasureMethod(), this::report)
        .build();
  }

  private ReportErasureResponse report(ReportErasureRequest request) {
    erasures.report(
        UUID.fromString(request.getTenantId()),
        UUID.fromString(request.getErasureId()),
        request.getService(),
        ErasureProto.tables(request.getTablesList()));
    return ReportErasureResponse.getDefaultInstance();
  }
}
