package dev.agentserver.kit.erasure;

import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.settings.v1.ErasureServiceGrpc;
import dev.agentserver.settings.v1.ReportErasureRequest;
import java.time.Duration;
import java.util.List;

/// Reports to settings-service.
public final class ErasurePeerRpc implements ErasureReports {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final ServicePeer settings;
  private final String service;

  /// @param service the name of the service that reports
  public ErasurePeerRpc(ServicePeer settings, String service) {
    this.settings = settings;
    this.service = service;
  }

  @Override
  public void send(Erased whom, List<ErasedTable> tables) {
    var report =
        ReportErasureRequest.newBuilder()
            .setTenantId(whom.tenantId().toString())
            .setErasureId(whom.erasureId().toString())
            .setService(service)
            .setRowsRemoved(tables.stream().mapToLong(ErasedTable::removed).sum())
            .setRowsRemaining(tables.stream().mapToLong(ErasedTable::remaining).sum())
            .addAllTables(tables.stream().map(ErasurePeerRpc::toProto).toList())
            .build();
    settings.ask(
        ErasureServiceGrpc::newBlockingStub, DEADLINE, erasures -> erasures.reportErasure(report));
  }

  private static dev.agentserver.settings.v1.ErasedTable toProto(ErasedTable table) {
    return dev.agentserver.settings.v1.ErasedTable.newBuilder()
        .setTable(table.name())
        .setRowsRemoved(table.removed())
        .setRowsChanged(table.changed())
        .setRowsRemaining(table.remaining())
        .build();
  }
}
