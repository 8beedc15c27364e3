package dev.agentserver.gateway.filters;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

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
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Lets pages of allowed origins read the responses. An origin is allowed exactly or not at all;
/// `*` is never answered, because it may not be together with credentials.
public final class Cors implements DecoratingHttpServiceFunction {
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final String EXPOSED =
      "grpc-status, grpc-message, grpc-status-details-bin, X-Next-Page-Token, Link, ETag, Location,"
          + " X-Request-Id, Retry-After, RateLimit, RateLimit-Policy";

  /// What is exposed anyway, and what is of no interest.
  private static final Set<String> KNOWN =
      Stream.concat(
              Stream.of(EXPOSED.toLowerCase(Locale.ROOT).split(", ")),
              Stream.of(
                  "cache-control",
                  "connection",
                  "content-length",
                  "content-type",
                  "date",
                  "server",
                  "transfer-encoding",
                  "vary"))
          .collect(toUnmodifiableSet());

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
    var response = delegate.serve(context, request);
    return isAllowed ? response.peekHeaders(sent -> expose(context, sent)) : response;
  }

  /// What a service has to say of its own can be read as well.
  private static void expose(ServiceRequestContext context, ResponseHeaders sent) {
    var own =
        sent.names().stream().map(AsciiString::toString).filter(Cors::isOwn).collect(joining(", "));
    if (!own.isEmpty()) {
      context.mutateAdditionalResponseHeaders(
          all -> all.set("access-control-expose-headers", EXPOSED + ", " + own));
    }
  }

  private static boolean isOwn(String name) {
    return !name.startsWith(":") && !name.startsWith("access-control-") && !KNOWN.contains(name);
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
