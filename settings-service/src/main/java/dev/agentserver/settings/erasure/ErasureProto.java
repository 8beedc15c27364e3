package dev.agentserver.settings.erasure;

import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.orEmpty;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.settings.erasure.Erasure.Report;
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
        .build();
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
                        instant(report.getReportedAt())))
            .toList(),
        instant(proto.getCreatedAt()));
  }
}
