package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.call.Upload;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.binding.BoundMessages;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.Route.BodyRule;
import dev.agentserver.gateway.transcode.upload.ArrayElements;
import dev.agentserver.gateway.transcode.upload.Elements;
import dev.agentserver.gateway.transcode.upload.LineElements;
import dev.agentserver.gateway.transcode.upload.RawElements;
import dev.agentserver.gateway.transcode.upload.UploadMessages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads request bodies: of a bounded size and within a bounded time where they are one message, in
/// pieces where they are many.
final class Bodies {
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;
  private static final int REQUEST_TIMEOUT = 408;
  private static final String IDENTITY = "identity";

  private static final Set<String> LINES = Set.of("application/x-ndjson", "application/jsonl");

  private final int limit;
  private final Duration patience;
  private final Duration stall;

  /// @param limit the most bytes of a message
  /// @param patience how long a client may take to send one
  /// @param stall how long an upload may carry nothing
  Bodies(int limit, Duration patience, Duration stall) {
    this.limit = limit;
    this.patience = patience;
    this.stall = stall;
  }

  /// The body, whatever it says of itself; empty when there is none.
  byte[] any(ServiceRequestContext context, HttpRequest request) {
    if (request.headers().contentLength() > limit) {
      throw Fault.tooLarge("the body", limit);
    }
    context.setMaxRequestLength(limit);
    var body = read(request);
    if (body.length > limit) {
      // It was there before the limit was.
      throw Fault.tooLarge("the body", limit);
    }
    return body;
  }

  /// The body; empty when there is none.
  byte[] read(ServiceRequestContext context, HttpRequest request, Route route) {
    var body = any(context, request);
    if (body.length > 0) {
      requireUncoded(request);
      if (!isRaw(route) && !isJson(request.contentType())) {
        throw Fault.invalid("Content-Type", "is not application/json").as(UNSUPPORTED_MEDIA_TYPE);
      }
    }
    return body;
  }

  /// The messages of a body that is sent on while it arrives. As a whole it has no limit.
  Upload upload(
      ServiceRequestContext context, HttpRequest request, Route route, BoundMessages bound) {
    context.setMaxRequestLength(0);
    requireUncoded(request);
    return new Upload(
        request,
        new UploadMessages(elements(request, route), bound::next, limit),
        context.eventLoop().withoutContext(),
        route.method().answersMany() ? null : stall);
  }

  /// Cuts the body of a stream whatever it says of itself.
  Elements anyElements(ServiceRequestContext context, Route route) {
    context.setMaxRequestLength(0);
    return isRaw(route) ? new RawElements(limit) : new ArrayElements(limit, true);
  }

  private Elements elements(HttpRequest request, Route route) {
    var type = request.contentType();
    if (isRaw(route)) {
      return new RawElements(limit);
    }
    if (isJson(type)) {
      return new ArrayElements(limit);
    }
    if (type != null && LINES.contains(type.nameWithoutParameters()) && isUtf8(type)) {
      return new LineElements(limit);
    }
    throw Fault.invalid("Content-Type", "is not application/json or application/x-ndjson")
        .as(UNSUPPORTED_MEDIA_TYPE);
  }

  private static boolean isRaw(Route route) {
    return route.body() instanceof BodyRule.Raw;
  }

  private static void requireUncoded(HttpRequest request) {
    if (!request.headers().get("content-encoding", IDENTITY).equalsIgnoreCase(IDENTITY)) {
      throw Fault.invalid("Content-Encoding", "is not identity").as(UNSUPPORTED_MEDIA_TYPE);
    }
  }

  private byte[] read(HttpRequest request) {
    try {
      return request.aggregate().get(patience.toMillis(), TimeUnit.MILLISECONDS).content().array();
    } catch (TimeoutException slow) {
      throw Fault.of(
              ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED,
              "the body did not arrive within " + patience.toSeconds() + " seconds",
              Map.of())
          .as(REQUEST_TIMEOUT);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof ContentTooLargeException
          ? Fault.tooLarge("the body", limit)
          : gone();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw gone();
    }
  }

  private static Fault gone() {
    return Fault.of(ErrorReason.ERROR_REASON_CANCELLED, "the client went away", Map.of());
  }

  private static boolean isJson(@Nullable MediaType type) {
    return type == null || type.isJson() && isUtf8(type);
  }

  private static boolean isUtf8(MediaType type) {
    return type.charset(StandardCharsets.UTF_8).equals(StandardCharsets.UTF_8);
  }
}
