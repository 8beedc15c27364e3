package dev.agentserver.settings.erasure;

import dev.agentserver.kit.erasure.ErasedTable;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.problem.Problem;
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
    var tables = ErasureProto.tables(request.getTablesList());
    needSum(
        "rows_removed",
        request.getRowsRemoved(),
        tables.stream().mapToLong(ErasedTable::removed).sum());
    needSum(
        "rows_remaining",
        request.getRowsRemaining(),
        tables.stream().mapToLong(ErasedTable::remaining).sum());
    erasures.report(
        UUID.fromString(request.getTenantId()),
        UUID.fromString(request.getErasureId()),
        request.getService(),
        tables);
    return ReportErasureResponse.getDefaultInstance();
  }

  /// A report that forgets a table must not prove anything.
  private static void needSum(String field, long told, long sum) {
    if (told != sum) {
      throw Problem.invalid(field, "must be the sum of the tables', which is " + sum);
    }
  }
}
