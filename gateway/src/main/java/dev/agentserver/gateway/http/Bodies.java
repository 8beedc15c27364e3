package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads request bodies: JSON, of a bounded size, within a bounded time.
final class Bodies {
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;
  private static final int REQUEST_TIMEOUT = 408;
  private static final String IDENTITY = "identity";

  private final int limit;
  private final Duration patience;

  Bodies(int limit, Duration patience) {
    this.limit = limit;
    this.patience = patience;
  }

  /// The body; empty when there is none.
  byte[] json(ServiceRequestContext context, HttpRequest request) {
    if (request.headers().contentLength() > limit) {
      throw Fault.tooLarge("the body", limit);
    }
    context.setMaxRequestLength(limit);
    var body = read(request);
    if (body.length > 0) {
      requireJson(request);
    }
    return body;
  }

  private static void requireJson(HttpRequest request) {
    if (!isJson(request.contentType())) {
      throw Fault.invalid("Content-Type", "is not application/json").as(UNSUPPORTED_MEDIA_TYPE);
    }
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
    return type == null
        || type.isJson() && type.charset(StandardCharsets.UTF_8).equals(StandardCharsets.UTF_8);
  }
}
