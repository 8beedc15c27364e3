package dev.agentserver.settings.envoy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.agentserver.envoy.v3.CheckResponse;
import dev.agentserver.envoy.v3.DeniedHttpResponse;
import dev.agentserver.envoy.v3.HeaderValue;
import dev.agentserver.envoy.v3.HeaderValueOption;
import dev.agentserver.envoy.v3.HeaderValueOption.HeaderAppendAction;
import dev.agentserver.envoy.v3.HttpStatus;
import dev.agentserver.envoy.v3.OkHttpResponse;
import dev.agentserver.kit.identity.IdentityHeaders;
import java.util.Base64;
import java.util.Optional;

/// What Envoy is to do, in its terms.
final class AnswerProto {
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(ErrorDetailsProto.getDescriptor().getMessageTypes())
                  .build())
          .preservingProtoFieldNames()
          .omittingInsignificantWhitespace();

  private AnswerProto() {}

  /// The request goes on: with the token, and without what a client may have said of itself.
  ///
  /// Envoy removes after it has set, so a header that is set is not removed: it is overwritten.
  static CheckResponse passed(Asked asked, Pass pass) {
    var ok = OkHttpResponse.newBuilder().addQueryParametersToRemove("ticket");
    ok.addHeadersToRemove("x-api-key");
    switch (pass) {
      case Pass.As(var jwt) -> ok.addHeaders(header("authorization", "Bearer " + jwt));
      case Pass.Anonymous() -> ok.addHeadersToRemove("authorization");
    }
    asked.headers().keySet().stream()
        .filter(IdentityHeaders::has)
        .sorted()
        .forEach(ok::addHeadersToRemove);
    return CheckResponse.newBuilder()
        .setStatus(Status.newBuilder().setCode(Code.OK_VALUE))
        .setOkResponse(ok)
        .build();
  }

  /// The request ends with what the gateway would answer; a gRPC call with a status in trailers,
  /// which Envoy makes of the headers and takes the body for the message of.
  static CheckResponse denied(Asked asked, Status status) {
    var http = http(Code.forNumber(status.getCode()));
    var denied = DeniedHttpResponse.newBuilder().setStatus(HttpStatus.newBuilder().setCode(http));
    if (asked.isGrpc()) {
      denied
          .setBody(status.getMessage())
          .addHeaders(header("grpc-status", Integer.toString(status.getCode())))
          .addHeaders(header("grpc-status-details-bin", base64(status)));
    } else {
      denied
          .setBody(json(status))
          .addHeaders(header("content-type", "application/json"))
          .addHeaders(header("cache-control", "no-store"));
    }
    if (http == 401) {
      denied.addHeaders(header("www-authenticate", "Bearer realm=\"agentserver\""));
    }
    retry(status)
        .ifPresent(seconds -> denied.addHeaders(header("retry-after", Long.toString(seconds))));
    return CheckResponse.newBuilder()
        .setStatus(Status.newBuilder().setCode(status.getCode()))
        .setDeniedResponse(denied)
        .build();
  }

  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /// Of what a check can end with; anything else is a fault of ours.
  private static int http(Code code) {
    return switch (code) {
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case INVALID_ARGUMENT -> 400;
      case RESOURCE_EXHAUSTED -> 429;
      case UNAVAILABLE -> 503;
      case null, default -> 500;
    };
  }

  private static String base64(Status status) {
    return Base64.getEncoder().withoutPadding().encodeToString(status.toByteArray());
  }

  private static String json(Status status) {
    try {
      return JSON.print(status);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("the details are ours", impossible);
    }
  }

  private static Optional<Long> retry(Status status) {
    try {
      for (var detail : status.getDetailsList()) {
        if (detail.is(RetryInfo.class)) {
          return Optional.of(
              Math.max(1, detail.unpack(RetryInfo.class).getRetryDelay().getSeconds()));
        }
      }
      return Optional.empty();
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("the details are ours", impossible);
    }
  }
}
