package dev.agentserver.gateway.fault;

import com.google.rpc.Status;

/// The HTTP status of a gRPC status.
public final class HttpCode {
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private HttpCode() {}

  /// By code alone, as Envoy maps it.
  public static int of(io.grpc.Status.Code code) {
    return switch (code) {
      case OK -> 200;
      case CANCELLED -> CLIENT_CLOSED_REQUEST;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  /// By code, but for what is too large: 429 would have it sent again.
  public static int of(Status status) {
    if (Details.reason(status).equals("TOO_LARGE")) {
      return 413;
    }
    return of(io.grpc.Status.fromCodeValue(status.getCode()).getCode());
  }
}
