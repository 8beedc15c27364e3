package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the HTTP server itself refuses, in the same shape as every other fault.
final class ServerFaults implements ServerErrorHandler {
  private final FaultResponses responses;
  private final Answers answers;
  private final int maxBodyBytes;
  private final int maxHeaderBytes;

  ServerFaults(FaultResponses responses, Answers answers, int maxBodyBytes, int maxHeaderBytes) {
    this.responses = responses;
    this.answers = answers;
    this.maxBodyBytes = maxBodyBytes;
    this.maxHeaderBytes = maxHeaderBytes;
  }

  @Override
  public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    return responses.of(fault(cause)).toHttpResponse();
  }

  @Override
  public AggregatedHttpResponse onProtocolViolation(
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    // What cannot be read is the client's, also where the server stumbles over it.
    return responses.of(
        fault(status.isServerError() ? HttpStatus.BAD_REQUEST : status, description));
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return responses.of(fault(status, description));
  }

  private Fault fault(Throwable cause) {
    return switch (cause) {
      case Fault fault -> fault;
      case ContentTooLargeException _ -> Fault.tooLarge("the body", maxBodyBytes);
      case HttpStatusException status -> fault(status.httpStatus(), null);
      case ShuttingDownException _ -> Fault.unavailable("gateway");
      case ClosedSessionException _ -> gone();
      case Throwable other when Exceptions.isStreamCancelling(other) -> gone();
      case Throwable other -> answers.internal("a request could not be handled", other);
    };
  }

  private static Fault gone() {
    return Fault.of(ErrorReason.ERROR_REASON_CANCELLED, "the client went away", Map.of());
  }

  private Fault fault(HttpStatus status, @Nullable String description) {
    var what = description == null ? status.reasonPhrase() : description;
    int code = status.code();
    return switch (code) {
      case 404, 405 -> Fault.unknown("the route").as(code);
      case 413 -> Fault.tooLarge("the body", maxBodyBytes);
      case 414, 431 -> Fault.tooLarge("the header", maxHeaderBytes).as(code);
      case 503 -> Fault.unavailable("gateway");
      default ->
          status.isServerError()
              ? answers.internal("the HTTP server answered " + code + ": " + what, null).as(code)
              : Fault.of(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, what, Map.of()).as(code);
    };
  }
}
