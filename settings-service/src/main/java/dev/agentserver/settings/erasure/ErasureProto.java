package dev.agentserver.settings.erasure;

import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.orEmpty;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.kit.erasure.ErasedTable;
import dev.agentserver.settings.erasure.Erasure.Report;
import java.util.List;
import java.util.UUID;

/// Translates erasures to the contract's and back.
public final class ErasureProto {
  private ErasureProto() {}

  public static dev.agentserver.settings.v1.Erasure toProto(Erasure erasure) {
    return dev.agentserver.settings.v1.Erasure.newBuilder()
        .setId(erasure.id().toString())
        .setUserId(orEmpty(erasure.userId()))
        .setComplete(erasure.complete())
        .addAllReports(erasure.reports().stream().map(ErasureProto::toProto).toList())
        .setCreatedAt(timestamp(erasure.createdAt()))
        .build();
  }

  private static dev.agentserver.settings.v1.Erasure.Report toProto(Report report) {
    return dev.agentserver.settings.v1.Erasure.Report.newBuilder()
        .setService(report.service())
        .setRowsRemoved(report.rowsRemoved())
        .setRowsRemaining(report.rowsRemaining())
        .setReportedAt(timestamp(report.reportedAt()))
        .addAllTables(report.tables().stream().map(ErasureProto::toProto).toList())
        .build();
  }

  private static dev.agentserver.settings.v1.ErasedTable toProto(ErasedTable table) {
    return dev.agentserver.settings.v1.ErasedTable.newBuilder()
        .setTable(table.name())
        .setRowsRemoved(table.removed())
        .setRowsChanged(table.changed())
        .setRowsRemaining(table.remaining())
        .build();
  }

  static List<ErasedTable> tables(List<dev.agentserver.settings.v1.ErasedTable> tables) {
    return tables.stream()
        .map(
            table ->
                new ErasedTable(
                    table.getTable(),
                    table.getRowsRemoved(),
                    table.getRowsChanged(),
                    table.getRowsRemaining()))
        .toList();
  }

  /// The inverse, for replaying a stored reply.
  public static Erasure fromProto(dev.agentserver.settings.v1.Erasure proto) {
    return new Erasure(
        UUID.fromString(proto.getId()),
        uuidOrNull(proto.getUserId()),
        proto.getComplete(),
        proto.getReportsList().stream()
            .map(
                report ->
                    new Report(
                        report.getService(),
                        report.getRowsRemoved(),
                        report.getRowsRemaining(),
                        instant(report.getReportedAt()),
                        tables(report.getTablesList())))
            .toList(),
        instant(proto.getCreatedAt()));
  }
}
