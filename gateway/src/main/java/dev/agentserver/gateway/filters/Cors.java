package dev.agentserver.gateway.filters;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.fault.Fault;
import java.util.Map;
import java.util.function.Predicate;

/// Lets pages of allowed origins read the responses. An origin is allowed exactly or not at all;
/// `*` is never answered, because it may not be together with credentials.
public final class Cors implements DecoratingHttpServiceFunction {
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final String EXPOSED =
      "grpc-status, grpc-message, grpc-status-details-bin, X-Next-Page-Token, Link, ETag, Location,"
          + " X-Request-Id, Retry-After";
  private static final String MAX_AGE_SECONDS = "7200";
  private static final String VARY = "Origin";
  private static final String VARY_PREFLIGHT =
      "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

  private final Predicate<String> allowed;

  /// @param allowed whether an origin may read
  public Cors(Predicate<String> allowed) {
    this.allowed = allowed;
  }

  @Override
  public HttpResponse serve(
      HttpService delegate, ServiceRequestContext context, HttpRequest request) throws Exception {
    var headers = request.headers();
    var origin = headers.get("origin");
    if (origin == null) {
      context.mutateAdditionalResponseHeaders(all -> all.add("vary", VARY));
      return delegate.serve(context, request);
    }
    var isAllowed = allowed.test(origin);
    if (isPreflight(headers)) {
      return preflight(headers, origin, isAllowed);
    }
    context.mutateAdditionalResponseHeaders(
        all -> {
          all.add("vary", VARY);
          if (isAllowed) {
            all.set("access-control-allow-origin", origin);
            all.set("access-control-allow-credentials", "true");
            all.set("access-control-expose-headers", EXPOSED);
          }
        });
    return delegate.serve(context, request);
  }

  private static boolean isPreflight(RequestHeaders headers) {
    return headers.method() == HttpMethod.OPTIONS
        && headers.contains("access-control-request-method");
  }

  private static HttpResponse preflight(RequestHeaders headers, String origin, boolean isAllowed) {
    if (!isAllowed) {
      throw Fault.of(
          ErrorReason.ERROR_REASON_PERMISSION_DENIED,
          "pages of this origin may not call",
          Map.of("permission", "cors"));
    }
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.NO_CONTENT)
            .add("vary", VARY_PREFLIGHT)
            .add("access-control-allow-origin", origin)
            .add("access-control-allow-credentials", "true")
            .add("access-control-allow-methods", METHODS)
            .add("access-control-allow-headers", asked(headers))
            .add("access-control-max-age", MAX_AGE_SECONDS)
            .build());
  }

  /// What the page asks for is granted: no header does here what a page of an allowed origin may
  /// not do.
  private static String asked(RequestHeaders headers) {
    var asked = headers.get("access-control-request-headers");
    return asked == null ? "authorization, content-type" : asked;
  }
}
