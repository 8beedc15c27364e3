package dev.agentserver.file.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.agentserver.kit.grpc.Faults;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What goes wrong, as HTTP has it: the same `google.rpc.Status` as everywhere, as JSON.
///
/// @param reason the reason of the registry
/// @param retrySeconds when to come again; 0: nobody knows
/// @param headers what the status asks for beside
record FaultProto(
    int status, String reason, String json, long retrySeconds, Map<String, String> headers) {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .omittingInsignificantWhitespace()
          .preservingProtoFieldNames()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(ErrorInfo.getDescriptor())
                  .add(BadRequest.getDescriptor())
                  .add(QuotaFailure.getDescriptor())
                  .add(RequestInfo.getDescriptor())
                  .add(RetryInfo.getDescriptor())
                  .build());

  static FaultProto of(Throwable fault) {
    try {
      var status = Faults.status(fault);
      var reason = Faults.reason(status);
      var http = http(reason, Code.forNumber(status.getCode()));
      return new FaultProto(
          http, reason, PRINTER.print(status), retry(status), headers(http, status));
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("a status of ours cannot be printed", damaged);
    }
  }

  boolean isRefusal() {
    return status == 401 || status == 403;
  }

  private static int http(String reason, @Nullable Code code) {
    return switch (reason) {
      case "TOO_LARGE" -> 413;
      case "MEDIA_TYPE_REFUSED" -> 415;
      case "RANGE_NOT_SATISFIABLE" -> 416;
      case "UNSUPPORTED_TUS_VERSION" -> 412;
      case "UPLOAD_LOCKED" -> 423;
      case "HASH_MISMATCH" -> 460;
      default ->
          switch (code) {
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ABORTED, ALREADY_EXISTS -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case null, default -> 500;
          };
    };
  }

  private static Map<String, String> headers(int http, Status status)
      throws InvalidProtocolBufferException {
    if (http != 416) {
      return Map.of();
    }
    for (var detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        var size = detail.unpack(ErrorInfo.class).getMetadataOrDefault("size", "*");
        return Map.of("content-range", "bytes */" + size);
      }
    }
    return Map.of();
  }

  private static long retry(Status status) throws InvalidProtocolBufferException {
    for (var detail : status.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        return Math.max(1, detail.unpack(RetryInfo.class).getRetryDelay().getSeconds());
      }
    }
    return 0;
  }
}
