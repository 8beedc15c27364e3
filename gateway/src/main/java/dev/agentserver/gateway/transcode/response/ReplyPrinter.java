package dev.agentserver.gateway.transcode.response;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.transcode.binding.EntityTag;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.RawBody;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.route.Route;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Makes the HTTP response of a reply: the status the policy names, the body the route names, and
/// headers from fields.
public final class ReplyPrinter {
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;
  private static final byte[] NOTHING = new byte[0];

  private final BodyCodec codec;
  private final Locations locations;

  public ReplyPrinter(BodyCodec codec, Locations locations) {
    this.codec = codec;
    this.locations = locations;
  }

  /// If-None-Match is not heeded: an etag names a state of the resource, and a view of it may show
  /// more, as the messages of a conversation.
  ///
  /// @param path the request's, as it was sent
  /// @param query the request's, as it was sent
  /// @param wire the reply message
  public Reply print(Route route, String path, String query, byte[] wire) {
    var headers = headers(route, path, query, wire);
    text(route, "etag", wire).ifPresent(etag -> headers.put("ETag", EntityTag.quoted(etag)));
    int status = status(route);
    if (status == CREATED) {
      text(route, "id", wire)
          .flatMap(id -> locations.find(route, path, id))
          .ifPresent(location -> headers.put("Location", location));
    }
    return new Reply(status, headers, status == NO_CONTENT ? NOTHING : body(route, wire, headers));
  }

  private static int status(Route route) {
    int status = route.method().policy().getSuccessStatus();
    return status == 0 ? OK : status;
  }

  private byte[] body(Route route, byte[] wire, Map<String, String> headers) {
    var field = route.responseBody();
    if (route.answersRaw()) {
      var body = RawBody.read(field, wire);
      headers.put("Content-Type", body.mediaType());
      // No browser is to guess that it is a page.
      headers.put("X-Content-Type-Options", "nosniff");
      return body.content().toByteArray();
    }
    headers.put("Content-Type", "application/json");
    return field == null ? codec.print(route.method().response(), wire) : codec.print(field, wire);
  }

  private static Map<String, String> headers(Route route, String path, String query, byte[] wire) {
    var headers = new LinkedHashMap<String, String>();
    route
        .method()
        .policy()
        .getResponseHeadersMap()
        .forEach(
            (header, field) ->
                text(route, field, wire)
                    .ifPresent(
                        value ->
                            headers.put(
                                header,
                                header.equalsIgnoreCase("Link")
                                    ? NextPage.link(path, query, value)
                                    : value)));
    return headers;
  }

  /// The text of a field of the reply; empty where it has none that a header could carry.
  private static Optional<String> text(Route route, String name, byte[] wire) {
    return Optional.ofNullable(route.method().response().findFieldByName(name))
        .filter(ReplyPrinter::isSimple)
        .map(field -> Wire.text(wire, field))
        .filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127));
  }

  private static boolean isSimple(FieldDescriptor field) {
    return !field.isRepeated() && !Fields.isMessage(field);
  }
}
