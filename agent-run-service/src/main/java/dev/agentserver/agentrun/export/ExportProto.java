package dev.agentserver.agentrun.export;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.agentserver.agentrun.ledger.query.Query;
import dev.agentserver.agentrun.ledger.query.QueryProto;
import dev.agentserver.agentrun.v1.ExportUsageRequest;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.kit.problem.Problem;

/// Between the contract of exports and ours.
final class ExportProto {
  private ExportProto() {}

  static Format format(ExportUsageRequest request) {
    return switch (request.getFormat()) {
      case EXPORT_FORMAT_UNSPECIFIED, EXPORT_FORMAT_CSV -> new UsageFile(false);
      case EXPORT_FORMAT_JSONL -> new UsageFile(true);
      case EXPORT_FORMAT_FOCUS -> new FocusFile();
      case UNRECOGNIZED -> throw Problem.invalid("format", "is none that there is");
    };
  }

  /// What QueryUsage would be asked, so that both mean the same.
  static Query query(ExportUsageRequest request) {
    var query =
        QueryUsageRequest.newBuilder()
            .setTimeZone(request.getTimeZone())
            .setUserId(request.getUserId())
            .setAgentId(request.getAgentId())
            .setProjectId(request.getProjectId())
            .setSessionId(request.getSessionId())
            .setConversationId(request.getConversationId())
            .setProvider(request.getProvider())
            .setModel(request.getModel());
    if (request.hasStartTime()) {
      query.setStartTime(request.getStartTime());
    }
    if (request.hasEndTime()) {
      query.setEndTime(request.getEndTime());
    }
    return QueryProto.query(query.build());
  }

  static HttpBody body(Format format, String piece) {
    return HttpBody.newBuilder()
        .setContentType(format.contentType())
        .setData(ByteString.copyFromUtf8(piece))
        .build();
  }
}
