package dev.agentserver.e2e.client;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;

/// An error as a client sees it, whichever way it came.
///
/// @param code the gRPC status code
/// @param reason that of the ErrorInfo, which every error has
/// @param metadata that of the ErrorInfo
/// @param fields the fields that a BadRequest names
public record Failure(
    int code, String message, String reason, Map<String, String> metadata, List<String> fields) {
  private static final String TYPE = "type.googleapis.com/google.rpc.";
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  static Failure of(JsonNode status) {
    var info = detail(status, "ErrorInfo");
    requireInfo(info.path("domain").asText(), status);
    return new Failure(
        status.path("code").asInt(),
        status.path("message").asText(),
        info.path("reason").asText(),
        info.path("metadata").properties().stream()
            .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().asText())),
        Json.texts(detail(status, "BadRequest").path("field_violations"), "field"));
  }

  private static JsonNode detail(JsonNode status, String type) {
    return Json.elements(status.path("details")).stream()
        .filter(detail -> detail.path("@type").asText().equals(TYPE + type))
        .findFirst()
        .orElseGet(Json::object);
  }

  public static Failure of(StatusRuntimeException failure) {
    var trailers = failure.getTrailers();
    var details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) {
      throw new AssertionError("an error without details", failure);
    }
    try {
      return of(Status.parseFrom(details));
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }

  private static Failure of(Status status) throws InvalidProtocolBufferException {
    var info = ErrorInfo.getDefaultInstance();
    var request = BadRequest.getDefaultInstance();
    for (Any detail : status.getDetailsList()) {
      info = detail.is(ErrorInfo.class) ? detail.unpack(ErrorInfo.class) : info;
      request = detail.is(BadRequest.class) ? detail.unpack(BadRequest.class) : request;
    }
    requireInfo(info.getDomain(), status);
    var fields =
        request.getFieldViolationsList().stream().map(BadRequest.FieldViolation::getField).toList();
    return new Failure(
        status.getCode(), status.getMessage(), info.getReason(), info.getMetadataMap(), fields);
  }

  private static void requireInfo(String domain, Object status) {
    if (!domain.equals("agentserver")) {
      throw new AssertionError("an error without ErrorInfo: " + status);
    }
  }
}
