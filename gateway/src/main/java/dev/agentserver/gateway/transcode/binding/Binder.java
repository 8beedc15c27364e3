package dev.agentserver.gateway.transcode.binding;

import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.options.Mode;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.Route.BodyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the request messages of an HTTP request. Binding is concatenation: defaults, body, query,
/// path and headers are each a piece of the message, and protobuf's merging weaves them; what comes
/// later wins. A body or query that contradicts the path is refused, because the path is what
/// access was decided by on the way here.
public final class Binder {
  private final BodyCodec codec;
  private final Set<String> ignored;

  /// Where no option says otherwise.
  public Binder(BodyCodec codec) {
    this(codec, TranscoderOptions.of(Mode.SAFE));
  }

  public Binder(BodyCodec codec, TranscoderOptions options) {
    this.codec = codec;
    this.ignored = options.names(Option.IGNORED_QUERY_PARAMETERS).orElse(Set.of());
  }

  /// The wire form of the one message of a request.
  public byte[] bind(Route route, RestRequest request) {
    return stream(route, request).next(request.body());
  }

  /// The messages of a request whose method takes many.
  public BoundMessages stream(Route route, RestRequest request) {
    var fixed = path(route, request);
    fixed.addAll(headers(route, request));
    var query = new Query(route.method().request(), ignored).bind(request.query());
    query.forEach(bound -> refuseInBody(route, bound));
    var resume = Resume.bind(route, request.lastEventId());
    resume.ifPresent(place -> query.removeIf(bound -> bound.name().equals(place.name())));
    return new BoundMessages(codec, route, request, fixed, query, resume);
  }

  /// What a body of any kind is, only the body says.
  private static void refuseInBody(Route route, Bound bound) {
    if (route.body() instanceof BodyRule.Raw(var field)
        && (field == null || bound.field().startsWith(field))) {
      throw Fault.invalid(bound.name(), "is in the query, and the body says it");
    }
  }

  private static List<Bound> path(Route route, RestRequest request) {
    var bound = new ArrayList<Bound>();
    request
        .variables()
        .forEach(
            (name, text) -> {
              var field = route.variables().get(name);
              try {
                bound.add(new Bound(field, "the path", Wire.parse(field, text)));
              } catch (IllegalArgumentException wrong) {
                throw Fault.invalid(field.name(), String.valueOf(wrong.getMessage()));
              }
            });
    return bound;
  }

  private static List<Bound> headers(Route route, RestRequest request) {
    var bound = new ArrayList<Bound>();
    if (request.idempotencyKey() != null) {
      textField(route, "request_id")
          .ifPresent(
              field ->
                  bound.add(bound(field, "the header Idempotency-Key", request.idempotencyKey())));
    }
    if (request.ifMatch() != null && !request.ifMatch().strip().equals("*")) {
      var etag = EntityTag.single(request.ifMatch());
      var field = etagField(route);
      if (field.isPresent()) {
        bound.add(bound(field.get(), "the header If-Match", etag));
      } else if (!route.httpMethod().equals("GET")) {
        throw Fault.invalid("If-Match", "cannot be heeded: the request has no etag");
      }
    }
    return bound;
  }

  private static Bound bound(FieldPath field, String origin, String text) {
    return new Bound(field, origin, Wire.parse(field, text));
  }

  /// The etag of the request, or of the resource in its body.
  private static Optional<FieldPath> etagField(Route route) {
    var own = textField(route, "etag");
    if (own.isPresent()
        || !(route.body() instanceof BodyRule.OneField(var resource))
        || !Fields.isSingularMessage(resource.leaf())) {
      return own;
    }
    return Optional.ofNullable(resource.leaf().getMessageType().findFieldByName("etag"))
        .filter(Fields::isString)
        .map(field -> resource.then(FieldPath.of(field)));
  }

  private static Optional<FieldPath> textField(Route route, String name) {
    return Optional.ofNullable(route.method().request().findFieldByName(name))
        .filter(Fields::isString)
        .map(FieldPath::of);
  }
}
