package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.agentserver.kit.identity.IdentityHeaders;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The headers of what goes through an HTTP door. All pass, in both directions, but those of one
/// hop, what a client says of its own identity, and what the gateway answers for itself: pages of
/// other origins, and the id of the request.
public final class DoorHeaders {
  private static final Set<String> HOP =
      Set.of(
          "connection",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "transfer-encoding",
          "upgrade");

  /// Replaced, or none of a service's business.
  private static final Set<String> OURS =
      Set.of(
          "authorization",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "origin",
          "x-api-key",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto",
          "x-request-id");

  private static final Set<String> SERVED = Set.of("server", "x-request-id", "set-cookie");
  private static final String CORS = "access-control-";

  private DoorHeaders() {}

  /// What a service is sent.
  ///
  /// @param target the path, and the query without what was for the gateway
  /// @param client the address of the client
  /// @param requestId the request's id
  public static RequestHeaders up(
      RequestHeaders headers,
      String target,
      Optional<String> token,
      String client,
      String requestId) {
    var up = RequestHeaders.builder(headers.method(), target);
    headers.forEach(
        (name, value) -> {
          var key = name.toString();
          if (!key.startsWith(":")
              && !HOP.contains(key)
              && !OURS.contains(key)
              && !key.startsWith(CORS)
              && !IdentityHeaders.has(key)) {
            up.add(name, value);
          }
        });
    token.ifPresent(jwt -> up.set("authorization", "Bearer " + jwt));
    up.set("x-request-id", requestId);
    up.set("x-forwarded-for", client);
    up.set("x-forwarded-host", headers.authority());
    up.set("x-forwarded-proto", headers.scheme());
    return up.build();
  }

  /// What the client is sent.
  public static ResponseHeaders down(ResponseHeaders headers) {
    var down = headers.toBuilder();
    clean(down);
    return down.build();
  }

  /// The same of what follows the body.
  public static HttpHeaders trailers(HttpHeaders trailers) {
    var down = trailers.toBuilder();
    clean(down);
    return down.build();
  }

  private static void clean(HttpHeadersBuilder headers) {
    for (var name : List.copyOf(headers.names())) {
      var key = name.toString();
      if (HOP.contains(key) || SERVED.contains(key) || key.startsWith(CORS)) {
        headers.remove(name);
      }
    }
  }
}
