package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.call.RestStream;
import dev.agentserver.gateway.call.Upload;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.binding.Binder;
import dev.agentserver.gateway.transcode.binding.RestRequest;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.Route.BodyRule;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Routes;
import dev.agentserver.gateway.transcode.upload.FrameElements;
import dev.agentserver.gateway.transcode.upload.FrameElements.Takes;
import dev.agentserver.gateway.transcode.upload.UploadMessages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The door for WebSockets: streams in either direction, a JSON message in each text frame.
///
/// @param origins the pages that may call: a browser asks nobody before it opens a socket
/// @param maxMessageBytes the most bytes of a message
record SocketDoor(
    Routes routes,
    Entrance entrance,
    Binder binder,
    RestStreams streams,
    Outgoing outgoing,
    Predicate<String> origins,
    int maxMessageBytes) {
  private static final String VERSION = "13";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final byte[] NOTHING = new byte[0];
  private static final int UPGRADE_REQUIRED = 426;

  /// Whether a request is one for a WebSocket.
  static boolean isMeant(ServiceRequestContext context, RequestHeaders headers) {
    return context.sessionProtocol().isExplicitHttp1()
        && headers.method() == HttpMethod.GET
        && has(headers, "connection", "upgrade")
        && has(headers, "upgrade", "websocket");
  }

  private static boolean has(RequestHeaders headers, String name, String token) {
    return headers.getAll(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .anyMatch(value -> value.strip().equalsIgnoreCase(token));
  }

  HttpResponse open(ServiceRequestContext context, HttpRequest request) {
    var headers = request.headers();
    var agreed = agree(headers);
    var url = Url.of(context);
    var found = find(url.path());
    var route = found.target();
    RequestLog.rpc(context, route.method());
    var parameter = TicketParameter.of(url);
    var token = entrance.admit(context, route.method(), headers, parameter.ticket());
    var bound =
        binder.stream(
            route,
            new RestRequest(found.variables(), parameter.query(), null, null, null, null, NOTHING));
    var frames = new FrameElements(takes(route), maxMessageBytes);
    context.setMaxRequestLength(0);
    var upload =
        new Upload(
            request,
            new UploadMessages(frames, bound::next, maxMessageBytes),
            context.eventLoop().withoutContext(),
            null);
    var metadata = outgoing.metadata(context, headers, token);
    return streams.start(
        context, headers, route, metadata, upload, new RestStream.Socket(agreed, frames));
  }

  /// What the client needs to see, after what it has to say.
  private ResponseHeaders agree(RequestHeaders headers) {
    var origin = headers.get("origin");
    if (origin != null && !origins.test(origin) && !isOwn(origin, headers)) {
      throw Fault.of(
          ErrorReason.ERROR_REASON_PERMISSION_DENIED,
          "pages of this origin may not call",
          Map.of("permission", "cors"));
    }
    if (!headers.get("sec-websocket-version", "").equals(VERSION)) {
      throw Fault.invalid("Sec-WebSocket-Version", "is not " + VERSION)
          .as(UPGRADE_REQUIRED)
          .with("sec-websocket-version", VERSION);
    }
    var key = headers.get("sec-websocket-key", "");
    if (!KEY.matcher(key).matches()) {
      throw Fault.invalid("Sec-WebSocket-Key", "is not 16 bytes in base64");
    }
    return ResponseHeaders.builder(HttpStatus.SWITCHING_PROTOCOLS)
        .add("upgrade", "websocket")
        .add("connection", "upgrade")
        .add("sec-websocket-accept", accept(key))
        .build();
  }

  private static boolean isOwn(String origin, RequestHeaders headers) {
    return origin.replaceFirst("^https?://", "").equalsIgnoreCase(headers.authority());
  }

  private static String accept(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(digest.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// A socket is opened by GET, whatever the route of a stream is for others.
  private Lookup.Found<Route> find(String path) {
    return stream("GET", path)
        .or(() -> stream("POST", path))
        .orElseThrow(() -> Fault.unknown("the WebSocket " + path));
  }

  private Optional<Lookup.Found<Route>> stream(String method, String path) {
    return routes.find(method, path) instanceof Lookup.Found<Route> found
            && !found.target().method().isUnary()
            && !found.target().answersRaw()
            && !(found.target().body() instanceof BodyRule.Raw)
        ? Optional.of(found)
        : Optional.empty();
  }

  private static Takes takes(Route route) {
    if (route.method().takesMany()) {
      return Takes.MANY;
    }
    return route.body() instanceof BodyRule.None ? Takes.NONE : Takes.ONE;
  }
}
